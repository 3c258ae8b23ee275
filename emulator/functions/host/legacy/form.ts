/** One field of a form, or one file. */
export interface FormPart {
    value: Buffer;
    fileName?: string;
    contentType?: string;
}

/** A posted form: names may repeat. */
export class MultipartForm implements Iterable<[string, FormPart]> {
    constructor(private readonly parts: [string, FormPart][]) {}

    get(name: string): FormPart | null {
        return this.parts.find(([part]) => part === name)?.[1] ?? null;
    }

    getAll(name: string): FormPart[] {
        return this.parts.filter(([part]) => part === name).map(([, part]) => part);
    }

    has(name: string): boolean {
        return this.parts.some(([part]) => part === name);
    }

    get length(): number {
        return this.parts.length;
    }

    [Symbol.iterator](): Iterator<[string, FormPart]> {
        return this.parts[Symbol.iterator]();
    }
}

/** Reads a form body of either kind that browsers send. Throws on any other content type. */
export function parseForm({ body, contentType }: { body: Buffer; contentType: string }): MultipartForm {
    const type = contentType.split(";")[0]!.trim().toLowerCase();
    if (type === "application/x-www-form-urlencoded") {
        const fields = [...new URLSearchParams(body.toString())];
        return new MultipartForm(fields.map(([name, value]) => [name, { value: Buffer.from(value) }]));
    }
    const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
    if (type !== "multipart/form-data" || boundary === null) {
        throw new Error(
            `Media type "${type}" does not match types supported for form parsing: "multipart/form-data", "application/x-www-form-urlencoded".`,
        );
    }
    return new MultipartForm(splitParts({ body, boundary: boundary[1] ?? boundary[2]! }).map(parsePart));
}

function splitParts({ body, boundary }: { body: Buffer; boundary: string }): Buffer[] {
    const marker = Buffer.from(`--${boundary}`);
    const parts: Buffer[] = [];
    let start = body.indexOf(marker);
    while (start >= 0) {
        const from = start + marker.length;
        const next = body.indexOf(marker, from);
        if (next < 0) {
            break;
        }
        // Between two markers: line break, headers, empty line, content, line break.
        parts.push(body.subarray(from + 2, next - 2));
        start = next;
    }
    return parts;
}

function parsePart(part: Buffer): [string, FormPart] {
    const end = part.indexOf("\r\n\r\n");
    const head = part.subarray(0, Math.max(end, 0)).toString();
    const value = part.subarray(end < 0 ? 0 : end + 4);
    const name = /content-disposition:[^\r\n]*?;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) {
        throw new Error('Expected a "Content-Disposition" header with a name in every part of the form.');
    }
    const fileName = /content-disposition:[^\r\n]*?;\s*filename="([^"]*)"/i.exec(head)?.[1];
    const contentType = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1];
    return [
        name,
        {
            value,
            ...(fileName === undefined ? {} : { fileName }),
            ...(contentType === undefined ? {} : { contentType }),
        },
    ];
}
