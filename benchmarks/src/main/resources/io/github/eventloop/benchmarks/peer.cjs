// A Node.js event loop, in a worker, that is disturbed once, while the main thread reads what a tool reports of it.
// node peer.cjs TOOL DISTURBANCE
'use strict';
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { spawn } = require('node:child_process');
const http = require('node:http');

// Duration in milliseconds, and code of each disturbance.
const DISTURBANCES = {
  'stall-50': [50, () => block(50)],
  'stall-500': [500, () => block(500)],
  'stall-5000': [5000, () => block(5000)],
  flood: [500, () => { for (let i = 0; i < 5000; i++) setImmediate(block, 0.1); }],
  pause: [1000, () => {}],
};
const REST = 3000;

function block(millis) {
  const end = performance.now() + millis;
  while (performance.now() < end);
}

function sleep(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

async function application({ tool, disturbance }) {
  let server;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  if (tool === 'under-pressure') {
    server = require('fastify')();
    await server.register(require('@fastify/under-pressure'), { maxEventLoopDelay: 100, maxEventLoopUtilization: 0.98 });
    server.get('/', async () => {
      const { eventLoopDelay, eventLoopUtilized } = server.memoryUsage();
      return { eventLoopDelay, eventLoopUtilized };
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
  } else {
    delay.enable();
  }
  // Sampling stops once the histogram is garbage collected.
  globalThis.delay = delay;
  parentPort.on('message', () => DISTURBANCES[disturbance][1]());
  parentPort.postMessage({ delay, port: server && server.server.address().port });
}

function request(port) {
  const begin = performance.now();
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, path: '/', agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => { body += part; });
      response.on('end', () => {
        const waited = performance.now() - begin;
        const late = waited < 20 ? '' : ` after ${ms(waited)}`;
        if (response.statusCode !== 200) {
          resolve(`${response.statusCode}${late}`);
        } else {
          const { eventLoopDelay, eventLoopUtilized } = JSON.parse(body);
          resolve(`200${late}, delay ${ms(eventLoopDelay)}, utilization ${eventLoopUtilized.toFixed(2)}`);
        }
      });
    });
  });
}

async function main(tool, disturbance) {
  const worker = new Worker(__filename, { workerData: { tool, disturbance } });
  const { delay, port } = await new Promise((resolve) => worker.once('message', resolve));
  let before;
  const tools = {
    delay: async () => `p99 ${ms(delay.percentile(99) / 1e6)}, max ${ms(delay.max / 1e6)}`,
    utilization: async () => worker.performance.eventLoopUtilization(before).utilization.toFixed(2),
    'under-pressure': () => request(port),
  };
  await sleep(REST);
  // Covers the disturbance and the second after it, like a reader that polls every second.
  before = worker.performance.eventLoopUtilization();
  const [millis] = DISTURBANCES[disturbance];
  const readings = {};
  if (disturbance === 'pause') {
    spawn('sh', ['-c', `kill -STOP ${process.pid}; sleep 1; kill -CONT ${process.pid}`]);
    readings.during = '';
    await sleep(millis);
  } else {
    worker.postMessage('go');
    await sleep(millis / 2);
    const reading = tools[tool]();
    readings.during = await reading;
    await sleep(millis / 2);
  }
  await sleep(1000);
  readings.after = await tools[tool]();
  console.log(JSON.stringify(readings));
  process.exit(0);
}

if (isMainThread) {
  main(process.argv[2], process.argv[3]);
} else {
  application(workerData);
}
