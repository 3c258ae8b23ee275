// Names and messages of strangers reach the terminal: an escape sequence clears the screen, and a line break forges a line.
// C0, DEL and C1, the separators where some terminals break a line, and the marks that turn the direction of text.
const control = /(?!\t)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const colour = `${"\u001b"}\\[[0-9;]*m`;
const controlOrColour = new RegExp(`${colour}|${control.source}`, "gu");
const everyColour = new RegExp(colour, "gu");
const noColour = "\u001b[0m";

/** A text in one line, with every control character but a tab shown as its escape: `\x1b`, `\r`, `\n`. */
export function printable(text: string): string {
    return text.replace(control, escapeOf);
}

/** The lines of a text, each one printable. */
export function printableLines(text: string): string[] {
    return text.split(/\r?\n/).map(printable);
}

/** The lines of a text that an app has coloured itself, each one printable. Its colours stay and end with each line where they are wanted. */
export function printableColouredLines(text: string, { colours }: { colours: boolean }): string[] {
    return text.split(/\r?\n/).map((line) => {
        if (!colours) {
            return printable(line.replace(everyColour, ""));
        }
        const shown = line.replace(controlOrColour, (found) => (found.length > 1 ? found : escapeOf(found)));
        return shown.includes("\u001b[") ? `${shown}${noColour}` : shown;
    });
}

/** What may be written to an output: only colours pass, and only where they are wanted. The last guard before a terminal. */
export function printableOutput(text: string, { colours }: { colours: boolean }): string {
    return text.replace(controlOrColour, (found) =>
        found === "\n" || (colours && found.length > 1) ? found : [...found].map(escapeOrSame).join(""),
    );
}

function escapeOrSame(character: string): string {
    return character.replace(control, escapeOf);
}

function escapeOf(character: string): string {
    const code = character.charCodeAt(0);
    switch (character) {
        case "\n":
            return "\\n";
        case "\r":
            return "\\r";
        default:
            return code > 0xff
                ? `\\u${code.toString(16).padStart(4, "0")}`
                : `\\x${code.toString(16).padStart(2, "0")}`;
    }
}
