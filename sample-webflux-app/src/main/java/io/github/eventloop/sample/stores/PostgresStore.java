package io.github.eventloop.sample.stores;

import java.io.IOException;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * PostgreSQL server, and its R2DBC client. They are not beans of Spring Boot, because the
 * beans of JDBC would back off.
 */
@Component
public class PostgresStore implements DisposableBean {

	private final Mono<DatabaseClient> client = FirstUse.start("PostgreSQL", this::start);

	// Written by a worker thread, read when the context is closed.
	private volatile @Nullable EmbeddedPostgres server;

	private DatabaseClient start() throws IOException {
		EmbeddedPostgres started = EmbeddedPostgres.start();
		this.server = started;
		return DatabaseClient.create(new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
			.host("127.0.0.1")
			.port(started.getPort())
			.username("postgres")
			.database("postgres")
			.build()));
	}

	/**
	 * Return a client of the server, which emits on event loops of the driver.
	 * @return the client, once the server has started
	 */
	public Mono<DatabaseClient> client() {
		return this.client;
	}

	@Override
	public void destroy() throws IOException {
		EmbeddedPostgres running = this.server;
		if (running != null) {
			running.close();
		}
	}

}
