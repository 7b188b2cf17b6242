package io.github.eventloop.sample.catalog;

import java.math.BigDecimal;

/**
 * What the shop sells.
 *
 * @param id number of the product, counted from 1
 * @param name what customers call it
 * @param description what the page says about it
 * @param price in euros
 */
public record Product(long id, String name, String description, BigDecimal price) {

}
