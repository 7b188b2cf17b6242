package io.github.eventloop.blocking.internal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.blocking.BlockingKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the kinds of the methods that BlockHound instruments, without installing it.
 */
class BlockHoundKindTests {

	@ParameterizedTest
	@CsvSource({ "java.lang.Thread, sleep, SLEEP", "java.lang.Thread, sleepNanos0, SLEEP",
			"java.lang.Thread, yield0, OTHER", "java.lang.Object, wait, MONITOR_WAIT",
			"jdk.internal.misc.Unsafe, park, PARK", "java.lang.ProcessImpl, forkAndExec, PROCESS_START",
			"java.io.RandomAccessFile, read0, FILE_READ", "java.io.FileInputStream, readBytes, FILE_READ",
			"java.io.FileOutputStream, write, FILE_WRITE", "java.io.RandomAccessFile, writeBytes, FILE_WRITE",
			"java.net.Socket, connect, SOCKET_CONNECT", "java.net.PlainDatagramSocketImpl, connect0, SOCKET_CONNECT",
			"java.net.SocketInputStream, socketRead0, SOCKET_READ",
			"java.net.Socket$SocketInputStream, read, SOCKET_READ",
			"java.net.SocketOutputStream, socketWrite0, SOCKET_WRITE",
			"java.net.PlainDatagramSocketImpl, send0, SOCKET_WRITE", "java.net.ServerSocket, implAccept, OTHER",
			"com.acme.Prices, load, OTHER" })
	void kindShouldBeThatOfTheMethod(String className, String method, BlockingKind kind) {
		assertThat(BlockHoundInstallation.kindOf(className, method)).isEqualTo(kind);
	}

}
