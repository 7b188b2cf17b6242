package io.github.eventloop.sample.catalog;

import java.math.BigDecimal;

/**
 * Product of the shop.
 *
 * @param id number of the product, starting with 1
 * @param name name of the product
 * @param description description of the product
 * @param price price in euros
 */
public record Product(long id, String name, String description, BigDecimal price) {

}
