package io.github.eventloop.benchmarks;

import java.lang.invoke.MethodHandles;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * An application whose loops, classes, methods and routes have names that a page must not
 * interpret as markup.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class HostileApplication {

	static final String MARKUP = "<img src=x onerror=document.body.dataset.owned=1>";

	private static final String CLASS_NAME = "io/github/eventloop/benchmarks/<img src=x onerror=document*body*dataset*owned=1>"
		.replace('*', '$');

	public static void main(String[] arguments) {
		SpringApplication.run(HostileApplication.class, arguments);
	}

	@Bean
	LoopResources loops() {
		return MonitoredLoopResources.builder(MARKUP + "</script><script>document.body.dataset.owned=1</script>")
			.workerCount(2)
			.build();
	}

	@Bean
	ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setLoopResources(loops);
		return factory;
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		Runnable sleeping = sleeping(600);
		return RouterFunctions.route().GET("/" + "<b>bold</b>", (request) -> {
			sleeping.run();
			return ServerResponse.noContent().build();
		}).build();
	}

	/** Code with names that no compiler would emit, but that every JVM accepts. */
	private static Runnable sleeping(long millis) {
		ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
		type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CLASS_NAME, null, "java/lang/Object",
				new String[] { "java/lang/Runnable" });
		type.visitSource("\"><script>document.body.dataset.owned=1</script>", null);
		MethodVisitor constructor = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
		constructor.visitVarInsn(Opcodes.ALOAD, 0);
		constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
		end(constructor);
		MethodVisitor run = type.visitMethod(Opcodes.ACC_PUBLIC, "run", "()V", null, null);
		run.visitLdcInsn(millis);
		run.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Thread", "sleep", "(J)V", false);
		end(run);
		type.visitEnd();
		try {
			Class<?> defined = MethodHandles.lookup().defineClass(type.toByteArray());
			return (Runnable) defined.getDeclaredConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void end(MethodVisitor method) {
		method.visitInsn(Opcodes.RETURN);
		method.visitMaxs(0, 0);
		method.visitEnd();
	}

}
