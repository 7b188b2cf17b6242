package io.github.eventloop.autoconfigure;

import java.lang.invoke.MethodHandles;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Code with class and method names that no compiler generates, but that every JVM
 * accepts.
 */
final class HostileCode {

	private static final String CLASS_NAME = "io/github/eventloop/autoconfigure/Evil\n<script>\u202e ,9 \r\u2028"
			+ "x".repeat(3000);

	private static final String METHOD_NAME = "sleep 7\n \"quoted\\\" ,\0" + "y".repeat(3000);

	private static final String FILE_NAME = "a;b c 5\n\"" + "z".repeat(3000);

	private HostileCode() {
	}

	/** Return a task that sleeps in such code. */
	static Runnable sleeping(long millis) {
		try {
			return (Runnable) MethodHandles.lookup().defineClass(bytes(millis)).getDeclaredConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] bytes(long millis) {
		ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
		type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CLASS_NAME, null, "java/lang/Object",
				new String[] { "java/lang/Runnable" });
		type.visitSource(FILE_NAME, null);
		MethodVisitor constructor = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
		constructor.visitVarInsn(Opcodes.ALOAD, 0);
		constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
		end(constructor);
		MethodVisitor run = type.visitMethod(Opcodes.ACC_PUBLIC, "run", "()V", null, null);
		run.visitMethodInsn(Opcodes.INVOKESTATIC, CLASS_NAME, METHOD_NAME, "()V", false);
		end(run);
		MethodVisitor sleep = type.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, METHOD_NAME, "()V", null, null);
		sleep.visitLdcInsn(millis);
		sleep.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Thread", "sleep", "(J)V", false);
		end(sleep);
		type.visitEnd();
		return type.toByteArray();
	}

	private static void end(MethodVisitor method) {
		method.visitInsn(Opcodes.RETURN);
		method.visitMaxs(0, 0);
		method.visitEnd();
	}

}
