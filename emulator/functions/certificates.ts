import { readFileSync } from "node:fs";
import path from "node:path";
import { writePrivateFile } from "../core/persistence";
import type { Authority } from "../core/tls/authority";

/**
 * The setting NODE_EXTRA_CA_CERTS of an app that has one of its own: a file with the certificates that it names and the
 * authority's, because Node reads only one file.
 */
export function trustSettings(given: {
    settings: Record<string, string>;
    /** Undefined without https. */
    authority: Pick<Authority, "certificate"> | undefined;
    codeFolder: string;
    /** Folder for the host's files. */
    folder: string;
}): Record<string, string> {
    const { settings, authority } = given;
    const own = settings.NODE_EXTRA_CA_CERTS;
    if (authority === undefined || own === undefined || own === "") {
        return {};
    }
    const file = path.resolve(given.folder, "extra-certificates.pem");
    writePrivateFile(file, `${readIfThere(path.resolve(given.codeFolder, own)).trimEnd()}\n${authority.certificate}`);
    return { NODE_EXTRA_CA_CERTS: file };
}

/** On Azure Node warns of a file that it cannot read, and goes on without it. */
function readIfThere(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}
