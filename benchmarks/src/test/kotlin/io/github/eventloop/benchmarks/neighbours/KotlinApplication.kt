package io.github.eventloop.benchmarks.neighbours

import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.springframework.boot.SpringBootConfiguration
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.runApplication
import org.springframework.context.annotation.Bean
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RestController
import org.springframework.web.reactive.function.server.bodyValueAndAwait
import org.springframework.web.reactive.function.server.buildAndAwait
import org.springframework.web.reactive.function.server.coRouter

/** An application with coroutines that block their event loop. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class KotlinApplication {

    @Bean
    fun prices() = Prices()

    @Bean
    fun routes() = coRouter {
        GET("/router") {
            Thread.sleep(300)
            ok().bodyValueAndAwait("router")
        }
    }
}

/** The second class of the file. */
@RestController
class Prices {

    @GetMapping("/sleep")
    suspend fun sleeping(): String {
        Thread.sleep(300)
        return "sleep"
    }

    @GetMapping("/nested")
    suspend fun nested(): String = coroutineScope {
        launch { Thread.sleep(300) }.join()
        "nested"
    }

    @GetMapping("/resumed")
    suspend fun resumed(): String {
        yield()
        sum()
        return "resumed"
    }

    private fun sum() = listOf(1, 2).sumOf { price ->
        Thread.sleep(150)
        price
    }

    @GetMapping("/run-blocking")
    suspend fun blocking(): String = runBlocking {
        delay(300)
        "run-blocking"
    }

    @GetMapping("/flow")
    fun flowing() = flow {
        Thread.sleep(300)
        emit("flow")
    }

    /** The cure. */
    @GetMapping("/delay")
    suspend fun delaying(): String {
        delay(300)
        return "delay"
    }
}

fun main(arguments: Array<String>) {
    runApplication<KotlinApplication>(*arguments)
}
