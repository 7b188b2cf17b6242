package io.github.eventloop.autoconfigure;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * As much of a MongoDB server as its driver needs to connect and to find a document: it
 * answers the handshake, with the old message and the new one, and each {@code find} with
 * the same document. There is no package of the real server.
 */
final class MongoServer implements AutoCloseable {

	private static final int OP_REPLY = 1;

	private static final int OP_QUERY = 2004;

	private static final int OP_MSG = 2013;

	/** That of MongoDB 7.0. */
	private static final int WIRE_VERSION = 21;

	private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

	MongoServer() throws IOException {
		this.threads.execute(this::accept);
	}

	int port() {
		return this.socket.getLocalPort();
	}

	/** Close all connections, as a server that is restarted does. */
	void disconnect() throws IOException {
		Socket connection;
		while ((connection = this.connections.poll()) != null) {
			connection.close();
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.socket.accept();
				this.connections.add(connection);
				this.threads.execute(() -> serve(connection));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			DataInputStream in = new DataInputStream(connection.getInputStream());
			while (true) {
				int length = Integer.reverseBytes(in.readInt());
				ByteBuffer message = ByteBuffer.wrap(in.readNBytes(length - 4)).order(ByteOrder.LITTLE_ENDIAN);
				connection.getOutputStream().write(respond(message).array());
			}
		}
		catch (IOException ex) {
			// Closed by the driver.
		}
	}

	private static ByteBuffer respond(ByteBuffer message) {
		int id = message.getInt();
		message.getInt();
		int operation = message.getInt();
		message.getInt();
		if (operation == OP_QUERY) {
			while (message.get() != 0) {
				// The name of the collection.
			}
			message.getLong();
			return response(id, OP_REPLY, 20, answer(message)).putInt(0).putLong(0).putInt(0).putInt(1);
		}
		if (message.get() != 0) {
			throw new IllegalStateException("The first section is not a document");
		}
		return response(id, OP_MSG, 5, answer(message)).putInt(0).put((byte) 0);
	}

	/** Return a response whose document is behind a header that is still to be put. */
	private static ByteBuffer response(int id, int operation, int header, BsonDocument document) {
		ByteBuffer body = new RawBsonDocument(document, new BsonDocumentCodec()).getByteBuffer().asNIO();
		ByteBuffer response = ByteBuffer.allocate(16 + header + body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
		response.put(16 + header, body, body.position(), body.remaining());
		return response.putInt(response.capacity()).putInt(id).putInt(id).putInt(operation);
	}

	private static BsonDocument answer(ByteBuffer message) {
		byte[] document = new byte[message.remaining()];
		message.get(document);
		String command = new RawBsonDocument(document).getFirstKey();
		BsonDocument answer = new BsonDocument("ok", new BsonDouble(1));
		if (command.equals("find")) {
			return answer
				.append("cursor", new BsonDocument("id", new BsonInt64(0)).append("ns", new BsonString("shop.products"))
					.append("firstBatch", new BsonArray(
							List.of(new BsonDocument("_id", new BsonInt32(1)).append("name", new BsonString("tea"))))));
		}
		return answer.append("isWritablePrimary", BsonBoolean.TRUE)
			.append("ismaster", BsonBoolean.TRUE)
			.append("helloOk", BsonBoolean.TRUE)
			.append("maxBsonObjectSize", new BsonInt32(1 << 24))
			.append("maxMessageSizeBytes", new BsonInt32(48_000_000))
			.append("maxWriteBatchSize", new BsonInt32(100_000))
			.append("minWireVersion", new BsonInt32(0))
			.append("maxWireVersion", new BsonInt32(WIRE_VERSION));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		this.threads.shutdownNow();
	}

}
