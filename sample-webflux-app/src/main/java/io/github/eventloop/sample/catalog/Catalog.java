package io.github.eventloop.sample.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import org.springframework.stereotype.Component;

/**
 * All products of the shop, in memory and in no useful order. Immutable, the same at
 * every start and safe to read from any thread.
 */
@Component
public class Catalog {

	/**
	 * How many products there are.
	 */
	public static final int SIZE = 100_000;

	private static final String[] STYLES = { "Antique", "Élégant", "Crème", "Brûlé", "Naïve", "Rustic", "Über", "plain",
			"Zesty", "éclair" };

	private static final String[] THINGS = { "chair", "fauteuil", "table", "étagère", "lamp", "rideau", "mirror",
			"château", "vase", "façade" };

	private final List<Product> products;

	public Catalog() {
		Random random = new Random(42);
		this.products = IntStream.rangeClosed(1, SIZE).mapToObj((id) -> product(id, random)).toList();
	}

	private static Product product(int id, Random random) {
		String thing = THINGS[random.nextInt(THINGS.length)];
		String name = STYLES[random.nextInt(STYLES.length)] + " " + thing + " " + random.nextInt(SIZE);
		return new Product(id, name, "Made to order", BigDecimal.valueOf(random.nextInt(100, 100_000), 2));
	}

	/**
	 * Return every product.
	 * @return the products by their number
	 */
	public List<Product> products() {
		return this.products;
	}

	/**
	 * Return the first products.
	 * @param count how many, 0 to {@link #SIZE}
	 * @return the products 1 to count
	 */
	public List<Product> first(int count) {
		return this.products.subList(0, count);
	}

	/**
	 * Look a product up.
	 * @param id the number of the product
	 * @return the product, or empty if the shop has none of this number
	 */
	public Optional<Product> find(long id) {
		return (id >= 1 && id <= SIZE) ? Optional.of(this.products.get((int) id - 1)) : Optional.empty();
	}

}
