type Encoding = "utf8" | "utf16le";

/** The names of the encodings that the host writes. */
const encodings = new Map<string, Encoding>([
    ["utf-8", "utf8"],
    ["utf-16", "utf16le"],
]);

const charsetParameter = /;[ \t]*charset[ \t]*=[ \t]*("?)([^\s";]*)\1/i;

/**
 * The media type and the encoding with which the host sends a text: it writes the encoding into the type that the function gives, and takes
 * the request's Accept-Charset before that. Sources: TextOutputFormatter.cs, StringOutputFormatter.cs and MediaType.cs of dotnet/aspnetcore;
 * HandlesStringContent_WithHeader of RawScriptResultTests.cs of azure-functions-host.
 */
export function textType(options: { declared?: string | undefined; acceptCharset?: string | undefined }): {
    type: string;
    encoding: Encoding;
} {
    const { declared = "", acceptCharset = "" } = options;
    const given = charsetParameter.exec(declared)?.[2]?.toLowerCase();
    const name = wanted(acceptCharset) ?? (given !== undefined && encodings.has(given) ? given : "utf-8");
    const encoding = encodings.get(name) ?? "utf8";
    if (given === undefined) {
        return { type: `${declared || "text/plain"}; charset=${name}`, encoding };
    }
    const replaced = (all: string, _: string, charset: string) => {
        const at = all.lastIndexOf(charset);
        return `${all.slice(0, at)}${name}${all.slice(at + charset.length)}`;
    };
    return { type: given === name ? declared : declared.replace(charsetParameter, replaced), encoding };
}

/** The encoding that the caller likes best; undefined for no wish. */
function wanted(acceptCharset: string): string | undefined {
    const wishes = acceptCharset
        .split(",")
        .map((item) => item.split(";").map((part) => part.trim().toLowerCase()))
        .map(([name = "", quality = "q=1"]) => ({ name, quality: Number(quality.replace(/^q=/, "")) }))
        .filter(({ quality }) => quality > 0)
        .sort((one, other) => other.quality - one.quality);
    const found = wishes.find(({ name }) => name === "*" || encodings.has(name));
    return found?.name === "*" ? "utf-8" : found?.name;
}
