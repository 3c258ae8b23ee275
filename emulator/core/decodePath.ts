const escapes = /(?:%[0-9a-f]{2})+/gi;

/**
 * Decodes a path, or a part of one, as the services' web server does: an encoded slash and bytes that are not UTF-8 stay as they are,
 * so a group `a/b` of a call's path is the group `a%2Fb`. Source: "User IDs in REST URLs" in SUPPORTED_FEATURES.md, and
 * RestApiTests.Authentication.cs, of the vendor's own emulator.
 */
export function decodePath(path: string): string {
    return path.replace(escapes, (run) =>
        run
            .split(/(%2f)/i)
            .map((part, index) => (index % 2 === 1 ? part : decodeBytes(part)))
            .join(""),
    );
}

function decodeBytes(escaped: string): string {
    try {
        return decodeURIComponent(escaped);
    } catch {
        return escaped;
    }
}
