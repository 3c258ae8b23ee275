/** Escapes a part of a URL as .NET does: half a character is written as U+FFFD. Source: UriHelper.cs of dotnet/runtime, EscapeDataString. */
export function encodePart(text: string): string {
    return encodeURIComponent(Buffer.from(text).toString());
}
