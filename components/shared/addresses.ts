import { isIP } from "node:net";
import { type Rule, show } from "./checks";

interface Range {
    /** The first address as a number. */
    start: number;
    bits: number;
    /** Whether a prefix length was written. */
    isRange: boolean;
}

/** Reads an IPv4 address or range; undefined for anything else. */
function parseRange(value: unknown): Range | undefined {
    const [, address = "", length] = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(String(value)) ?? [];
    const parts = address.split(".").map(Number);
    const bits = length === undefined ? 32 : Number(length);
    if (address === "" || parts.some((part) => part > 255) || bits > 32) {
        return undefined;
    }
    return { start: parts.reduce((sum, part) => sum * 256 + part, 0), bits, isRange: length !== undefined };
}

const toText = (start: number): string => [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");

const sizeOf = (bits: number): number => 2 ** (32 - bits);

/** Ranges that no caller from the internet has: RFC 1918, carrier-grade NAT, loopback and link-local. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const neverPublic = [...privateRanges, "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8"];

function liesIn(range: Range, others: readonly string[]): string | undefined {
    return others.find((other) => {
        const outer = parseRange(other);
        return outer !== undefined && range.start >= outer.start && range.start < outer.start + sizeOf(outer.bits);
    });
}

const allowedNetwork =
    "Allowed: a private IPv4 range from /16 to /25 that starts at its first address, as 10.0.0.0/24.";

/** A rule for the range of a new virtual network. */
export const addressPrefixRule: Rule<string> = (value) => {
    const range = parseRange(value);
    if (range === undefined || !range.isRange) {
        return `${show(value)} is not an IPv4 range. ${allowedNetwork}`;
    }
    if (range.bits < 16 || range.bits > 25) {
        return `${show(value)} has a prefix of /${range.bits}. ${allowedNetwork}`;
    }
    if (liesIn(range, privateRanges) === undefined) {
        return `${show(value)} is not private. ${allowedNetwork}`;
    }
    const first = range.start - (range.start % sizeOf(range.bits));
    return first === range.start
        ? undefined
        : `${show(value)} does not start at its first address, which is ${toText(first)}. ${allowedNetwork}`;
};

/** The ranges of the app's subnet and of the endpoints' subnet: the first two quarters. */
export function splitPrefix(prefix: string): { app: string; endpoints: string } {
    const { start = 0, bits = 24 } = parseRange(prefix) ?? {};
    return {
        app: `${toText(start)}/${bits + 2}`,
        endpoints: `${toText(start + sizeOf(bits + 2))}/${bits + 2}`,
    };
}

/**
 * What a storage account's firewall takes as an address of a deployer.
 * Source: https://learn.microsoft.com/azure/storage/common/storage-network-security, "Restrictions for IP network rules".
 */
export const ipRangesRule: Rule<readonly string[]> = (ranges) => {
    if (!Array.isArray(ranges) || ranges.length === 0) {
        return "it is empty, so nobody could upload code. Name an address, or leave it out to keep the account open.";
    }
    if (ranges.length > 400) {
        return `it has ${ranges.length} entries. Allowed: 400 at most.`;
    }
    const fault = ranges.map(ipRangeFault).find((reason) => reason !== undefined);
    const twice = ranges.find((range, index) => ranges.indexOf(range) < index);
    return fault ?? (twice === undefined ? undefined : `${show(twice)} is there twice. Remove one.`);
};

function ipRangeFault(value: unknown): string | undefined {
    const allowed = "Allowed: public IPv4 addresses, as 203.0.113.7, and ranges to /30, as 203.0.113.0/24.";
    const range = parseRange(value);
    if (range === undefined) {
        const isIPv6 = typeof value === "string" && isIP(value.split("/")[0] ?? "") === 6;
        const what = isIPv6 ? "is IPv6, which storage firewalls do not take" : "is not an IPv4 address or range";
        return `${show(value)} ${what}. ${allowed}`;
    }
    if (range.isRange && range.bits > 30) {
        const advice = range.bits === 32 ? `Write ${toText(range.start)}.` : "Write its two addresses one by one.";
        return `${show(value)} is a /${range.bits}, which storage firewalls do not take. ${advice}`;
    }
    if (range.isRange && range.bits < 8) {
        return `${show(value)} opens the account to more than a 256th of the internet. Name the deployer's own range.`;
    }
    const outer = liesIn(range, neverPublic);
    return outer === undefined
        ? undefined
        : `${show(value)} lies in ${outer}, from which no call arrives: Azure compares public addresses. ${allowed}`;
}
