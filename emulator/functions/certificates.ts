import { readFileSync } from "node:fs";
import path from "node:path";
import { writePrivateFile } from "../core/persistence";
import type { Authority } from "../core/tls/authority";

/** Adds to the roots of Node, which reads only one file. */
const extra = "NODE_EXTRA_CA_CERTS";
/** Variables whose file takes the place of a program's roots: OpenSSL, Go and aiohttp; requests, and so Azure's Python SDKs; curl. */
const replacing = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] as const;

/**
 * The settings about certificates of an app that has some of its own, or that runs on a machine whose Node trusts more: each names a
 * file with those certificates and the authority's.
 */
export function trustSettings(given: {
    settings: Record<string, string>;
    /** Undefined without https. */
    authority: Pick<Authority, "certificate" | "certificateFile"> | undefined;
    codeFolder: string;
    /** Folder for the host's files. */
    folder: string;
    /** Environment of this process. */
    machine?: NodeJS.ProcessEnv;
}): Record<string, string> {
    const { settings, authority, codeFolder, machine = process.env } = given;
    if (authority === undefined) {
        return {};
    }
    const added = new Map<string, string>();
    const add = (name: string, parts: string[]) => {
        const file = path.resolve(given.folder, `${name.toLowerCase()}.pem`);
        writePrivateFile(file, [...parts.map((part) => part.trim()), authority.certificate].join("\n"));
        added.set(name, file);
    };
    // A proxy of this machine's network may answer for the internet. Node warns of a file that it cannot read, and goes on without it.
    const extras = [
        ...textOf(settings[extra], codeFolder),
        ...(machine[extra] === authority.certificateFile ? [] : textOf(machine[extra], process.cwd())),
    ];
    if (extras.length > 0 || (settings[extra] ?? "") !== "") {
        add(extra, extras);
    }
    for (const name of replacing) {
        // A file that is not there fails the program, as on Azure.
        const own = textOf(settings[name], codeFolder);
        if (own.length > 0) {
            add(name, own);
        }
    }
    return Object.fromEntries(added);
}

function textOf(file: string | undefined, base: string): string[] {
    if (file === undefined || file === "") {
        return [];
    }
    try {
        return [readFileSync(path.resolve(base, file), "utf8")];
    } catch {
        return [];
    }
}
