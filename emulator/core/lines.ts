import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Characters of a line that are kept. An app may write without ever breaking a line. */
export const longestLine = 64 * 1024;

const cutEnding = / \.\.\. \(cut after \d+ KiB; \d+ more characters\)$/;

/** A text that is no longer than a line may be, and says what was cut. A text that was cut stays as it is. */
export function cutText(text: string): string {
    const wasCut = text.length < longestLine + 100 && cutEnding.test(text.slice(longestLine));
    return text.length <= longestLine || wasCut
        ? text
        : `${text.slice(0, longestLine)} ... (cut after ${longestLine / 1024} KiB; ${text.length - longestLine} more characters)`;
}

/** Calls back with each line of a stream. Of a line that is too long, only the beginning is kept, and at once handed on. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
    const decoder = new StringDecoder("utf8");
    let pieces: string[] = [];
    let length = 0;
    let isCut = false;

    function add(piece: string): void {
        if (isCut) {
            return;
        }
        pieces.push(piece);
        length += piece.length;
        if (length > longestLine) {
            const text = pieces.join("").slice(0, longestLine);
            reset();
            isCut = true;
            onLine(`${text} ... (cut: the line is longer than ${longestLine / 1024} KiB)`);
        }
    }

    function end(): void {
        if (!isCut) {
            onLine(pieces.join("").replace(/\r$/, ""));
        }
        isCut = false;
        reset();
    }

    function reset(): void {
        pieces = [];
        length = 0;
    }

    function take(text: string): void {
        let from = 0;
        for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
            add(text.slice(from, at));
            end();
            from = at + 1;
        }
        if (from < text.length) {
            add(text.slice(from));
        }
    }

    stream.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
    stream.once("end", () => {
        take(decoder.end());
        if (length > 0) {
            end();
        }
    });
    stream.on("error", () => undefined);
}
