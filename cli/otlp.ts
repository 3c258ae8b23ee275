import { InvalidArgumentError, Option } from "commander";

/** The option that sends what the inspector shows to a viewer of OpenTelemetry. */
export function otlpOption(): Option {
    return new Option(
        "--otlp <url>",
        "send traces, metrics and logs to this OTLP/HTTP receiver, such as http://localhost:4318 (Aspire's dashboard, Jaeger, Grafana)",
    ).argParser(parseReceiver);
}

function parseReceiver(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
        throw new InvalidArgumentError(
            "It must be an http or https address without a query, such as http://localhost:4318.",
        );
    }
    if (url.username !== "" || url.password !== "") {
        throw new InvalidArgumentError("It must have no user and no password.");
    }
    return text;
}
