import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { InspectEvent } from "../core/inspect";
import { shownEvent } from "../core/shown";

const pieceLength = 256 * 1024;

/** Sends what is recorded. Masking the secrets of long texts takes time, so other work gets its turn after each piece. */
export async function sendExport(response: ServerResponse, events: readonly InspectEvent[]): Promise<void> {
    response.writeHead(200, { "Content-Type": "application/json; charset=utf-8" });
    // A reader that goes away needs no answer.
    await pipeline(Readable.from(piecesOf(events)), response).catch(() => undefined);
}

function* piecesOf(events: readonly InspectEvent[]): Generator<string> {
    let piece = `{"version":1,"events":[`;
    for (const [index, event] of events.entries()) {
        piece += `${index === 0 ? "" : ","}${JSON.stringify(shownEvent(event))}`;
        if (piece.length > pieceLength) {
            yield piece;
            piece = "";
        }
    }
    yield `${piece}]}`;
}
