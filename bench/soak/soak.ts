import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { openClients } from "../load/clients";
import { type DialectName, dialects } from "../load/dialects";
import { startWorker, type Worker } from "../runner/worker";
import type { SoakUsage } from "../workers/soak";
import { broadcastText, openSoakClient, type Seen, type SoakClient } from "./clients";
import { openHandler, type SoakHandler } from "./handler";

export interface SoakOptions {
    name: DialectName;
    minutes: number;
    /** Connections that only listen. */
    idle: number;
    /** Connections that send an event each second. */
    active: number;
    note(text: string): void;
}

export interface SoakResult {
    name: DialectName;
    events: number;
    answered: number;
    /** Events whose failure the client was told, while the handler was away. */
    refused: number;
    /** Events without an answer while the handler was away; the service logs each. */
    unanswered: number;
    /** Events without an answer at any other time, and broadcasts that a connected client did not get. */
    lost: number;
    double: number;
    broadcasts: number;
    delivered: number;
    reconnects: number;
    /** Slow readers that the service dropped, of all. */
    dropped: { of: number; were: number };
    /** Megabytes: after the clients came, and at the end. */
    memory: { first: number; last: number; most: number };
    /** Milliseconds. */
    delay: { p99: number; max: number };
    warnings: number;
}

const slowReaders = 5;
const slowMessages = 120;
const slowText = "x".repeat(512 * 1024);
const second = 1000;
/** The service repeats a call for as long as this after the handler went away. */
const retries = 12 * second;

function each<T>(all: readonly T[], work: (one: T) => unknown): void {
    for (const one of all) {
        work(one);
    }
}

/** One service under load: steady events and broadcasts, reconnect storms, slow readers, and a handler that goes away. */
class Soak {
    readonly seen: Seen = { asked: new Map(), answered: 0, refused: 0, double: 0, delivered: 0 };
    private clients: SoakClient[] = [];
    private readonly away: { from: number; to: number }[] = [];
    private asked = 0;
    private broadcasts = 0;
    private lostBroadcasts = 0;
    private reconnects = 0;
    private readonly dropped = { of: 0, were: 0 };
    private readonly usages: SoakUsage[] = [];

    constructor(
        private readonly options: SoakOptions,
        private readonly worker: Worker,
        private readonly handler: SoakHandler,
    ) {}

    async run(): Promise<SoakResult> {
        const { name, minutes, idle, active, note } = this.options;
        await this.worker.call("open", { name, handler: this.handler.url });
        await this.connect(idle + active);
        this.usages.push(await this.worker.call<SoakUsage>("usage"));
        note(`${name}: ${idle + active} clients are connected`);
        const until = performance.now() + minutes * 60 * second;
        const beating = setInterval(() => each(this.clients, (client) => client.beat()), 10 * second);
        const disturbances = [() => this.storm(), () => this.stall(), () => this.leave()];
        try {
            for (let round = 0; performance.now() < until; round += 1) {
                await this.steady(10);
                await disturbances[round % disturbances.length]!();
                this.usages.push(await this.worker.call<SoakUsage>("usage"));
            }
            await this.steady(5);
            await pause(retries);
            this.usages.push(await this.worker.call<SoakUsage>("usage"));
        } finally {
            clearInterval(beating);
            each(this.clients, ({ socket }) => socket.close());
        }
        return this.result();
    }

    private async connect(count: number): Promise<void> {
        const urls = (await this.worker.call<string[]>("urls", { count, hub: "hub" })).values();
        const openSome = async () => {
            for (const url of urls) {
                this.clients.push(await openSoakClient({ url, name: this.options.name, seen: this.seen }));
            }
        };
        await Promise.all(Array.from({ length: 50 }, openSome));
    }

    private ask(): void {
        for (const client of this.clients.slice(0, this.options.active)) {
            client.ask();
            this.asked += 1;
        }
    }

    private async broadcast(): Promise<void> {
        this.broadcasts += 1;
        const number = this.broadcasts;
        const present = [...this.clients];
        await this.send("hub", broadcastText(number));
        await pause(second);
        this.lostBroadcasts += present.filter(({ got }) => !got.has(number)).length;
    }

    private async send(hub: string, message: string): Promise<void> {
        type Call = { url: string; body: string; headers: Record<string, string> };
        const { url, ...call } = await this.worker.call<Call>("send", { hub, message });
        // A connection that the service closes for its idleness would reset a request that begins at the same moment.
        const { statusCode, body } = await request(url, { method: "POST", reset: true, ...call });
        await body.dump();
        if (statusCode !== 202) {
            throw new Error(`${this.options.name}: the service answered ${statusCode} to a broadcast`);
        }
    }

    private async steady(seconds: number): Promise<void> {
        for (let passed = 0; passed < seconds; passed += 1) {
            this.ask();
            await this.broadcast();
        }
    }

    /** A fifth of the clients is cut and comes back at once, three times. */
    private async storm(): Promise<void> {
        for (let time = 0; time < 3; time += 1) {
            const cut = this.clients.splice(this.options.active, Math.ceil(this.options.idle / 5));
            each(cut, ({ socket }) => socket.close());
            await this.connect(cut.length);
            this.reconnects += cut.length;
        }
    }

    /** Clients in a hub of their own read nothing, while large messages are sent to them. */
    private async stall(): Promise<void> {
        const urls = await this.worker.call<string[]>("urls", { count: slowReaders, hub: "slow" });
        const readers = await openClients({ urls, dialect: dialects[this.options.name], atOnce: slowReaders });
        each(readers, (reader) => reader.pause());
        for (let sent = 0; sent < slowMessages; sent += 1) {
            await this.send("slow", slowText);
        }
        await this.steady(2);
        // A socket that reads nothing does not notice its end either.
        each(readers, (reader) => reader.resume());
        await pause(2 * second);
        this.dropped.of += readers.length;
        this.dropped.were += readers.filter((reader) => !reader.isOpen()).length;
        each(readers, (reader) => reader.close());
    }

    private async leave(): Promise<void> {
        const from = performance.now();
        await this.handler.goAway();
        await this.steady(15);
        await this.handler.comeBack();
        this.away.push({ from: from - second, to: performance.now() + second });
        await pause(retries);
    }

    private result(): SoakResult {
        const whileAway = (at: number) => this.away.some(({ from, to }) => at >= from && at <= to);
        const missing = [...this.seen.asked.values()];
        const unanswered = missing.filter(whileAway).length;
        const megabytes = this.usages.map(({ memory }) => memory / 2 ** 20);
        return {
            name: this.options.name,
            events: this.asked,
            answered: this.seen.answered,
            refused: this.seen.refused,
            unanswered,
            lost: missing.length - unanswered + this.lostBroadcasts,
            double: this.seen.double,
            broadcasts: this.broadcasts,
            delivered: this.seen.delivered,
            reconnects: this.reconnects,
            dropped: this.dropped,
            memory: { first: megabytes[0]!, last: megabytes.at(-1)!, most: Math.max(...megabytes) },
            delay: {
                p99: Math.max(...this.usages.slice(1).map(({ delay }) => delay.p99)),
                max: Math.max(...this.usages.slice(1).map(({ delay }) => delay.max)),
            },
            warnings: this.usages.at(-1)!.warnings,
        };
    }
}

export async function soak(options: SoakOptions): Promise<SoakResult> {
    const worker = startWorker("soak");
    const handler = await openHandler(options.name);
    try {
        return await new Soak(options, worker, handler).run();
    } finally {
        await worker.close();
        await handler.goAway();
    }
}
