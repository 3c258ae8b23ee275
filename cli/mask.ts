/** Hides known secrets in everything that a command prints. */
export interface Mask {
    /** Remembers a secret. Ignores undefined, and texts so short that they are words of a message rather than keys. */
    add(secret: string | undefined): void;
    /** Remembers what a text holds as a key, a signature or a token, such as a connection string or a URL. */
    addFrom(text: unknown): void;
    /** The text without the secrets, in plain or any encoded form, and with control characters shown instead of sent to a terminal. */
    apply(text: string): string;
}

const shortest = 7;
const carried =
    /(?:AccessKey|AccountKey|SharedAccessKey|SharedAccessSignature|access_token|code|sig|key|password)=([^;&\s"'<>]+)/gi;

export function createMask(): Mask {
    const secrets = new Set<string>();
    let pattern: RegExp | undefined;

    function add(secret: string | undefined): void {
        // Pulumi writes [secret] for a secret that it does not show.
        if (secret !== undefined && secret.length >= shortest && secret !== "[secret]" && !secrets.has(secret)) {
            secrets.add(secret);
            pattern = undefined;
        }
    }

    return {
        add,
        addFrom(text) {
            for (const [, found] of typeof text === "string" ? text.matchAll(carried) : []) {
                add(found);
                add(decoded(found));
            }
        },
        apply(text) {
            pattern ??= patternOf(secrets);
            return showControls(pattern === undefined ? text : text.replace(pattern, "***"));
        },
    };
}

function decoded(text: string | undefined): string | undefined {
    try {
        return text === undefined ? undefined : decodeURIComponent(text);
    } catch {
        return undefined;
    }
}

/** Matches every form of every secret, the longest first, so that no rest of one stays. Case is ignored: host names lose it. */
function patternOf(secrets: ReadonlySet<string>): RegExp | undefined {
    const forms = new Set([...secrets].flatMap(formsOf).filter((form) => form.length >= shortest));
    const escaped = [...forms]
        .sort((a, b) => b.length - a.length)
        .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    return escaped.length === 0 ? undefined : new RegExp(escaped.join("|"), "gi");
}

/** How a secret looks raw, in a URL, in JSON, in HTML, as hexadecimal digits and inside base64. */
export function formsOf(secret: string): string[] {
    const json = JSON.stringify(secret).slice(1, -1);
    return [
        secret,
        encodeURIComponent(secret),
        encodeURIComponent(encodeURIComponent(secret)),
        new URLSearchParams({ s: secret }).toString().slice(2),
        encodeURI(secret),
        json,
        JSON.stringify(json).slice(1, -1),
        json.replaceAll("/", "\\/"),
        secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
        Buffer.from(secret).toString("hex"),
        ...base64Forms(secret),
    ];
}

/** The digits that a secret always has in base64, for each of the three places where it may begin in a longer text. */
function base64Forms(secret: string): string[] {
    const bytes = Buffer.from(secret);
    return [0, 1, 2].flatMap((before) => {
        const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
        // A digit at either end also holds bits of the neighbours.
        const complete = digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
        return [complete, complete.replaceAll("-", "+").replaceAll("_", "/")];
    });
}

function showControls(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to show.
    return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
        // JSON has short names for some, and leaves those above 7f as they are.
        character < " "
            ? JSON.stringify(character).slice(1, -1)
            : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
