import type * as pulumi from "@pulumi/pulumi";
import { type Checks, isLater, type Rule, show } from "../shared/checks";
import { type Cors, type FunctionAppOptionsArgs, HostingPlan } from "./args";

const schemes = { "http:": "80", "https:": "443" } as const;

/** What a browser sends as `Origin`: it compares exactly, so anything else would never match. */
function originFault(origin: unknown, plan: HostingPlan): string | undefined {
    if (origin === "*") {
        return undefined;
    }
    const wanted =
        "Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.";
    const refuse = (reason: string) => `${show(origin)} ${reason}. ${wanted}`;
    if (typeof origin !== "string" || origin === "") {
        return refuse("is not an origin");
    }
    const [, scheme = "", host = "", port, rest = ""] =
        /^([a-z][a-z0-9+.-]*:)\/\/([^/:?#@\s]+)(?::(\d+))?(.*)$/i.exec(origin) ?? [];
    if (host === "" || rest.includes("@")) {
        return refuse("is not an origin");
    }
    if (!Object.hasOwn(schemes, scheme) && host !== "localhost") {
        return refuse(`has the scheme ${scheme} (http and https, or an app's own scheme with the host localhost)`);
    }
    if (rest !== "") {
        return refuse(
            rest === "/" ? "ends with a slash, which no browser sends" : "holds more than scheme, host and port",
        );
    }
    if (
        port !== undefined &&
        (port === schemes[scheme as keyof typeof schemes] || Number(port) > 65_535 || Number(port) < 1)
    ) {
        return refuse(
            Number(port) > 65_535 || Number(port) < 1
                ? "has no port from 1 to 65535"
                : `names the port that ${scheme}// has anyway, and browsers leave it out`,
        );
    }
    if (origin !== origin.toLowerCase()) {
        return refuse("has capital letters, which no browser sends");
    }
    if (host.includes("*")) {
        return wildcardFault({ host, plan, refuse });
    }
    return URL.canParse(origin) && /^[\w.[\]:-]+$/.test(host) ? undefined : refuse("is not an origin");
}

// The host of Flex Consumption compares origins as they are; its policy has no wildcards (CorsOptionsSetup.cs of Azure/azure-functions-host).
function wildcardFault({
    host,
    plan,
    refuse,
}: {
    host: string;
    plan: HostingPlan;
    refuse: (reason: string) => string;
}) {
    if (!/^\*\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) {
        return refuse("has a * that is not the whole first part of a host name");
    }
    return plan === HostingPlan.FlexConsumption ? refuse("has a *, which FlexConsumption does not match") : undefined;
}

/** A rule for the whole list, once every origin is known. */
const originsRule =
    (plan: HostingPlan): Rule<readonly string[]> =>
    (origins) => {
        if (!Array.isArray(origins)) {
            return `${show(origins)} is not a list of origins.`;
        }
        const fault = origins.map((origin) => originFault(origin, plan)).find((reason) => reason !== undefined);
        if (fault !== undefined) {
            return fault;
        }
        const twice = origins.find((origin, index) => origins.indexOf(origin) < index);
        if (twice !== undefined) {
            return `${show(twice)} is there twice. Remove one.`;
        }
        return origins.length > 1 && origins.includes("*")
            ? '"*" allows every origin, so it stands alone. Remove it or the others.'
            : undefined;
    };

const credentialsFault =
    'it cannot be true while allowedOrigins is "*": Azure and browsers take credentials for named origins only. List the origins.';

/** Checks who may call an app from pages of other origins. */
export function checkCors(
    checks: Checks,
    cors: FunctionAppOptionsArgs["cors"],
    plan: HostingPlan,
): FunctionAppOptionsArgs["cors"] {
    if (cors === undefined) {
        return undefined;
    }
    if (isLater(cors)) {
        return checks.input<Cors, FunctionAppOptionsArgs["cors"]>("cors", cors, wholeRule(plan));
    }
    const { allowedOrigins, supportCredentials } = cors as Cors;
    const part = checks.at("cors.");
    const isAny = Array.isArray(allowedOrigins) && (allowedOrigins as unknown[]).includes("*");
    if (supportCredentials === true && isAny) {
        part.fault("supportCredentials", credentialsFault);
    }
    const origins = part.list("allowedOrigins", allowedOrigins, originsRule(plan)) as pulumi.Input<string[]>;
    return { allowedOrigins: origins, supportCredentials };
}

/** A rule for settings that are known only later. */
const wholeRule =
    (plan: HostingPlan): Rule<Cors> =>
    ({ allowedOrigins, supportCredentials }) => {
        const origins = allowedOrigins as string[];
        return (
            originsRule(plan)(origins) ??
            (supportCredentials === true && origins.includes("*")
                ? `supportCredentials: ${credentialsFault}`
                : undefined)
        );
    };
