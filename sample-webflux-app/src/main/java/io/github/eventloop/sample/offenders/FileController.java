package io.github.eventloop.sample.offenders;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.sample.exhibit.Bounds;
import io.github.eventloop.sample.exhibit.Offender;
import io.github.eventloop.sample.exhibit.Outcome;

@RestController
@Offender(name = "file", wrong = "A price list of 32 MB is read synchronously, line by line, on the loop.", expect = """
		Lag and utilization rise, and so does CPU while the file is in the page cache: the
		time is spent in half a million system calls. On a slow disk, CPU would stay low.""",
		cure = "The same read on a worker thread: files have no non-blocking read.")
class FileController {

	private final PriceList priceList;

	FileController(PriceList priceList) {
		this.priceList = priceList;
	}

	@GetMapping("/offenders/file")
	Mono<Outcome> read(@RequestParam(defaultValue = "" + PriceList.SUPPLIERS) int suppliers) {
		Bounds.require("suppliers", suppliers, 1, PriceList.SUPPLIERS);
		return Outcome.of(() -> this.priceList.countLines(suppliers) + " prices");
	}

	@GetMapping("/cures/file")
	Mono<Outcome> readOnWorker(@RequestParam(defaultValue = "" + PriceList.SUPPLIERS) int suppliers) {
		return read(suppliers).subscribeOn(Schedulers.boundedElastic());
	}

}
