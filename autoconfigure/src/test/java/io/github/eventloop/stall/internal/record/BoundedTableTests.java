package io.github.eventloop.stall.internal.record;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BoundedTable}.
 */
class BoundedTableTests {

	private final BoundedTable<String, Integer> table = new BoundedTable<>(2);

	@Test
	void whenFullShouldEvictTheLeastRecentlyUsedEntry() {
		this.table.put("a", 1);
		this.table.put("b", 2);
		this.table.get("a");
		this.table.put("c", 3);
		assertThat(this.table).containsOnlyKeys("a", "c");
		this.table.merge("a", 1, Integer::sum);
		this.table.put("d", 4);
		assertThat(this.table).containsOnlyKeys("a", "d").containsEntry("a", 2);
	}

	@Test
	void iteratingShouldNotBeAUse() {
		this.table.put("a", 1);
		this.table.put("b", 2);
		this.table.values().forEach((value) -> assertThat(value).isPositive());
		this.table.put("c", 3);
		assertThat(this.table).containsOnlyKeys("b", "c");
	}

}
