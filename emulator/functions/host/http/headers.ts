// Values of headers. Kestrel, the server of the vendor's host, reads them as UTF-8 and sends ASCII only.

/** Decodes a header's value, which Node reads as one character per byte. A value that is not UTF-8 stays as Node read it. */
export function decodeHeader(value: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the same in both encodings, and most values are ASCII.
    if (/^[\x00-\x7f]*$/.test(value)) {
        return value;
    }
    const text = Buffer.from(value, "latin1").toString("utf8");
    return text.includes("\ufffd") ? value : text;
}

/** Throws when a header of an answer has a character that the host refuses to send. */
export function checkHeader({ name, value }: { name: string; value: string }): void {
    const found = /[^\t\x20-\x7e]/u.exec(value);
    if (found !== null) {
        const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
        throw new Error(`Invalid non-ASCII or control character in header '${name}': 0x${code}`);
    }
}
