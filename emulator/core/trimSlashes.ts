/** A text without the slashes at its end. An expression would take quadratic time for many slashes. */
export function trimSlashes(text: string): string {
    let end = text.length;
    while (text[end - 1] === "/") {
        end -= 1;
    }
    return text.slice(0, end);
}
