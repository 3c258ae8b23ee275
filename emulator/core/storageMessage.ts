/** The message in the XML of a refusal by Azure Storage; undefined where the text has none. */
export function storageMessage(text: string): string | undefined {
    const start = text.indexOf("<Message>");
    const end = text.indexOf("</Message>", start);
    return start === -1 || end === -1 ? undefined : text.slice(start + "<Message>".length, end);
}
