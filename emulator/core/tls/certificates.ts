import { webcrypto } from "node:crypto";
import { isIP } from "node:net";

/** A certificate with its private key, both in PEM. */
export interface KeyPair {
    key: string;
    cert: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;
export const authorityDays = 3650;
/** Clients refuse server certificates that are valid for longer than this. Source: support.apple.com/102028. */
export const leafDays = 397;
/** Machines in a container or a virtual machine may have a clock that is behind. */
const backdated = day;

// Loaded on first use, because it takes as long as the rest of the emulator's core together.
const load = () => require("@peculiar/x509") as typeof import("@peculiar/x509");

/** Makes an authority that can vouch for these names only, so that its key is of no use for any other site. */
export async function makeAuthority({ names, now }: { names: readonly string[]; now: number }): Promise<KeyPair> {
    const x509 = load();
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned(
        {
            name: "CN=azure-realtime local authority",
            ...validity(now, authorityDays),
            keys,
            signingAlgorithm: algorithm,
            extensions: [
                new x509.BasicConstraintsExtension(true, 0, true),
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
                new x509.Extension("2.5.29.30", true, nameConstraints(names)),
            ],
        },
        webcrypto as Crypto,
    );
    return { cert: `${certificate.toString("pem")}\n`, key: await keyText(keys.privateKey) };
}

/** Makes a server's certificate for these names and addresses. */
export async function makeLeaf(given: { authority: KeyPair; names: readonly string[]; now: number }): Promise<KeyPair> {
    const x509 = load();
    const issuer = new x509.X509Certificate(given.authority.cert);
    const signingKey = await webcrypto.subtle.importKey("pkcs8", pemBytes(given.authority.key), algorithm, false, [
        "sign",
    ]);
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create(
        {
            subject: "CN=localhost",
            issuer: issuer.subject,
            ...validity(given.now, leafDays),
            publicKey: keys.publicKey,
            signingKey,
            signingAlgorithm: algorithm,
            extensions: [
                new x509.BasicConstraintsExtension(false, undefined, true),
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
                new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
                new x509.SubjectAlternativeNameExtension(
                    given.names.map((value) => ({
                        type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const),
                        value,
                    })),
                ),
                await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto as Crypto),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
            ],
        },
        webcrypto as Crypto,
    );
    return { cert: `${certificate.toString("pem")}\n`, key: await keyText(keys.privateKey) };
}

function validity(now: number, days: number): { notBefore: Date; notAfter: Date } {
    return { notBefore: new Date(now - backdated), notAfter: new Date(now - backdated + days * day) };
}

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
    const base64 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
    return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, "$&\n").trim()}\n-----END PRIVATE KEY-----\n`;
}

function pemBytes(pem: string): Buffer {
    return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
}

/** DER of the extension's permitted subtrees, which the library has no class for. Source: RFC 5280, 4.2.1.10. */
function nameConstraints(names: readonly string[]): Uint8Array<ArrayBuffer> {
    const subtrees = [...new Set(names.map((name) => name.replace(/^\*\./, "")))].map((name) =>
        tagged(0x30, isIP(name) === 0 ? tagged(0x82, Buffer.from(name, "latin1")) : tagged(0x87, oneAddress(name))),
    );
    return new Uint8Array(tagged(0x30, tagged(0xa0, Buffer.concat(subtrees))));
}

/** An address and the mask of the network that has no other one. */
function oneAddress(address: string): Buffer {
    const bytes =
        isIP(address) === 4
            ? Buffer.from(address.split(".").map(Number))
            : Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);
    return Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]);
}

function tagged(tag: number, content: Buffer): Buffer {
    const { length } = content;
    const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
