/**
 * Real brokers for tests, and someone who listens to them.
 * Owns: mosquitto processes on free ports, each with a configuration of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { eventually } from './eventually.js';

/** A mosquitto that can be killed and started again on the same port. */
export interface Mosquitto {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** As `kill -9` does: no goodbye to anybody, nothing remembered. */
  kill(): Promise<void>;
  /** Kills it and removes its files. */
  remove(): Promise<void>;
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** A mosquitto that is not yet started, with more lines of configuration if the test needs them. */
export async function createMosquitto(lines: readonly string[] = []): Promise<Mosquitto> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'alicia-mosquitto-'));
  const configuration = join(folder, 'mosquitto.conf');
  const all = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'user root',
    'persistence false',
    ...lines,
  ];
  await writeFile(configuration, `${all.join('\n')}\n`);
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    const victim = child;
    child = null;
    if (victim === null || victim.exitCode !== null || victim.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      victim.once('exit', () => resolve());
      victim.kill('SIGKILL');
    });
  };
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      child = spawn('mosquitto', ['-c', configuration], { stdio: 'ignore' });
      await eventually(() => accepts(port));
    },
    kill,
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether something listens on a port of this machine. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A message as a subscriber saw it. */
export interface Seen {
  readonly topic: string;
  readonly payload: string;
  /** True: it was kept on the broker before the subscription. */
  readonly isRetained: boolean;
  readonly qos: number;
  /** MQTT 5: seconds after which the broker would have given it up; null: never. */
  readonly expirySeconds: number | null;
}

/** Somebody who reads everything. */
export interface Observer {
  readonly seen: readonly Seen[];
  /** The latest payload of a topic; null when there was none. */
  latest(topic: string): string | null;
  publish(topic: string, payload: string, isRetained?: boolean): Promise<void>;
  end(): Promise<void>;
}

/** Subscribes to everything and resolves once the broker confirmed it. */
export async function observe(url: string, protocolVersion: 4 | 5 = 5): Promise<Observer> {
  const client = mqtt.connect(url, { protocolVersion, reconnectPeriod: 50, connectTimeout: 2000 });
  client.on('error', () => {});
  const seen: Seen[] = [];
  client.on('message', (topic, payload, packet) => {
    seen.push({
      topic,
      payload: payload.toString('utf8'),
      isRetained: packet.retain,
      qos: packet.qos,
      expirySeconds: packet.properties?.messageExpiryInterval ?? null,
    });
  });
  await eventually(() => client.connected);
  await client.subscribeAsync('#', { qos: 1 });
  return {
    seen,
    latest: (topic) => seen.findLast((each) => each.topic === topic)?.payload ?? null,
    publish: async (topic, payload, isRetained = false) => {
      await client.publishAsync(topic, payload, { qos: 1, retain: isRetained });
    },
    end: () => client.endAsync(true),
  };
}
