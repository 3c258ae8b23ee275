import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock";
import { guarded } from "../core/guard";
import { shownEvent } from "../core/shown";
import type { InspectState } from "./state";
import type { EventStore } from "./store";
import { WaitingEvents } from "./waitingEvents";

export interface StreamOptions {
    clock: Clock;
    store: EventStore;
    state(): InspectState;
    response: ServerResponse;
    /** Id of the last event that the reader has. */
    after: number;
}

/** Milliseconds between writes, so that ten thousand events a second are twenty writes. */
const batchEvery = 50;
/** The state goes at most with every fifth batch. */
const stateEvery = 5;
/** A reader that has so much unread gets nothing more until it has read. What it then misses is counted as lost. */
const mostUnread = 1024 * 1024;
/** Masking the secrets of hostile text takes its time, so other work gets its turn after so much. */
const mostAtOnce = 256 * 1024;
const mostPending = { events: 10_000, bytes: 32 * 1024 * 1024 };
/** Batches without anything after which an empty line keeps the connection from looking dead. */
const silence = 200;

/** Streams events as lines of JSON, first those of the past. Recording is on as long as the stream is open. Returns what ends it. */
export function streamEvents({ clock, store, state, response, after }: StreamOptions): () => void {
    const release = store.hold();
    const pending = new WaitingEvents(mostPending);
    let lost = 0;
    let missed = store.missed;
    let isDirty = true;
    let batches = 0;
    let silent = 0;
    let cancel = (): void => undefined;

    const unlisten = store.listen((event) => {
        isDirty = true;
        lost += pending.add(event);
    });

    function end(): void {
        cancel();
        unlisten();
        release();
        if (!response.destroyed) {
            response.destroy();
        }
    }

    function write(): void {
        if (response.writableLength > mostUnread) {
            schedule();
            return;
        }
        const lines: string[] = [];
        lost += store.missed - missed;
        missed = store.missed;
        if (lost > 0) {
            lines.push(JSON.stringify({ type: "lost", count: lost }));
            lost = 0;
        }
        let length = 0;
        for (const event of pending) {
            const line = `{"type":"event","event":${JSON.stringify(shownEvent(event))}}`;
            lines.push(line);
            pending.remove(event.id);
            length += line.length;
            if (length > mostAtOnce) {
                break;
            }
        }
        if (isDirty && batches % stateEvery === 0) {
            isDirty = false;
            lines.push(JSON.stringify({ type: "state", state: state() }));
        }
        batches += 1;
        silent = lines.length === 0 ? silent + 1 : 0;
        if (lines.length > 0 || silent % silence === 0) {
            response.write(`${lines.join("\n")}\n`);
        }
        schedule();
    }

    function schedule(): void {
        cancel = clock.after(batchEvery, guarded(end, write));
    }

    response.once("close", end);
    response.writeHead(200, { "Content-Type": "application/x-ndjson; charset=utf-8" });
    const past = store.after(after);
    for (const event of past.events) {
        pending.add(event);
    }
    if (past.lost) {
        // Of what was forgotten while nobody read, nobody knows how much it was.
        response.write(`${JSON.stringify({ type: "lost" })}\n`);
    }
    guarded(end, write)();
    return end;
}
