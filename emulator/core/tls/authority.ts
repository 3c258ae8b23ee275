import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { messageOf } from "../errors";
import { withFileLock } from "../fileLock";
import { writePrivateFile } from "../persistence";
import { type KeyPair, makeAuthority, makeLeaf } from "./certificates";
import { systemRoots } from "./systemRoots";

/** The folder's certificate authority. It is installed nowhere: a client trusts it only when it is told to. */
export interface Authority {
    /** PEM of the authority's certificate. */
    certificate: string;
    /** Path of the authority's certificate, for NODE_EXTRA_CA_CERTS. */
    certificateFile: string;
    /** Path of the machine's roots together with this authority, for SSL_CERT_FILE, which replaces the machine's roots. */
    bundleFile: string;
    /** Certificate and key of this machine's servers. */
    leaf: KeyPair;
}

export interface AuthorityOptions {
    /** Folder for certificates and keys. */
    folder: string;
    /** Names beside this machine's own. */
    names: readonly string[];
    /** Milliseconds since the Unix epoch. */
    now: number;
}

/** Names and addresses of this machine. TLS clients accept no `*.localhost`, so vaults have a domain of their own. */
const ownNames = ["localhost", "*.localhost", "*.vault.localhost", "127.0.0.1", "::1"];
/** A certificate is renewed when it ends within this time. */
const renewal = 30 * 86_400_000;
const authorityName = "authority";
const leafName = "localhost";
const bundleName = "trusted.pem";

/**
 * Opens the authority of a folder, with a certificate for these names. Makes what is missing, damaged or about to end. Of several processes that
 * open a folder at once, one makes it.
 */
export async function openAuthority({ folder, names, now }: AuthorityOptions): Promise<Authority> {
    const wanted = [...new Set([...ownNames, ...names.map(hostOf)])];
    // Ordinarily all is there, and a folder that this process may only read will do.
    return (
        readAuthority({ folder, wanted, now }) ??
        withFileLock(
            join(folder, "lock"),
            async () => readAuthority({ folder, wanted, now }) ?? makeWhole({ folder, wanted, now }),
        )
    );
}

interface Wanted {
    folder: string;
    wanted: readonly string[];
    now: number;
}

/** The authority as it is in the folder; undefined where a part is missing or no use. */
function readAuthority({ folder, wanted, now }: Wanted): Authority | undefined {
    const { authority, leaf } = readPairs({ folder, wanted, now });
    const bundle = readText(join(folder, bundleName));
    return authority !== undefined && leaf !== undefined && bundle === bundleOf(folder, authority)
        ? toAuthority(folder, { authority, leaf })
        : undefined;
}

/** The pairs of the folder that are of use. A leaf is of none without its authority. */
function readPairs({ folder, wanted, now }: Wanted): { authority?: KeyPair; leaf?: KeyPair } {
    const authority = readPair(join(folder, authorityName));
    if (authority === undefined || !isUsable(authority, now) || !vouchesFor(authority, wanted)) {
        return {};
    }
    const leaf = readPair(join(folder, leafName));
    return leaf !== undefined && isUsable(leaf, now) && isIssued(leaf, authority) && covers(leaf, wanted)
        ? { authority, leaf }
        : { authority };
}

async function makeWhole({ folder, wanted, now }: Wanted): Promise<Authority> {
    let { authority, leaf } = readPairs({ folder, wanted, now });
    if (authority === undefined) {
        authority = await makeAuthority({ names: wanted, now });
        writePair(join(folder, authorityName), authority);
    }
    if (leaf === undefined) {
        leaf = await makeLeaf({ authority, names: wanted, now });
        writePair(join(folder, leafName), leaf);
    }
    writePrivateFile(join(folder, bundleName), bundleOf(folder, authority));
    return toAuthority(folder, { authority, leaf });
}

function toAuthority(folder: string, { authority, leaf }: { authority: KeyPair; leaf: KeyPair }): Authority {
    return {
        certificate: authority.cert,
        certificateFile: join(folder, `${authorityName}.pem`),
        bundleFile: join(folder, bundleName),
        leaf,
    };
}

const bundleOf = (folder: string, { cert }: KeyPair) =>
    `${systemRoots({ own: join(folder, bundleName) }).trimEnd()}\n${cert}`;

/** The name of a host that may have a port. */
function hostOf(name: string): string {
    return name.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

function readPair(path: string): KeyPair | undefined {
    const cert = readText(`${path}.pem`);
    const key = readText(`${path}.key`);
    closeToOthers(`${path}.key`);
    return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** A copy or a restored backup may have opened a key to others. */
function closeToOthers(path: string): void {
    const { mode = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
        try {
            chmodSync(path, 0o600);
        } catch {
            // A folder that this process may only read stays as its owner made it.
        }
    }
}

function writePair(path: string, { cert, key }: KeyPair): void {
    writePrivateFile(`${path}.key`, key);
    writePrivateFile(`${path}.pem`, cert);
}

function readText(path: string): string | undefined {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw new Error(
            `${path} cannot be read: ${messageOf(error)}. Make it readable, or delete it to make another one.`,
        );
    }
}

/** Whether the files hold a certificate and its key, and the certificate does not end soon. */
function isUsable({ cert, key }: KeyPair, now: number): boolean {
    try {
        const certificate = new X509Certificate(cert);
        return (
            certificate.checkPrivateKey(createPrivateKey(key)) &&
            Date.parse(certificate.validFrom) <= now &&
            Date.parse(certificate.validTo) - renewal > now
        );
    } catch {
        return false;
    }
}

function isIssued(leaf: KeyPair, authority: KeyPair): boolean {
    const issuer = new X509Certificate(authority.cert);
    const certificate = new X509Certificate(leaf.cert);
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function covers({ cert }: KeyPair, names: readonly string[]): boolean {
    const certificate = new X509Certificate(cert);
    return names.every((name) =>
        isIP(name) === 0
            ? (certificate.subjectAltName ?? "").split(", ").includes(`DNS:${name}`)
            : certificate.checkIP(name) !== undefined,
    );
}

/** Whether the authority's constraints contain the names. Node does not parse them, so their text is searched in the DER. */
function vouchesFor({ cert }: KeyPair, names: readonly string[]): boolean {
    const { raw } = new X509Certificate(cert);
    return names
        .filter((name) => isIP(name) === 0)
        .map((name) => Buffer.from(name.replace(/^\*\./, ""), "latin1"))
        .every((name) => raw.includes(Buffer.concat([Buffer.from([0x82, name.length]), name])));
}
