import assert from "node:assert/strict";
import { type ClientHttp2Session, connect } from "node:http2";
import { status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { readContact, sessionService } from "../../local/plugin/contact";
import { createServerBench } from "../support/pluginServer";

const services = [ResourceProviderService, sessionService] as const;
const paths = services.flatMap((service) => Object.values<{ path: string }>(service).map(({ path }) => path));

/** The beginning of a message that claims 2 GiB. Its rest never comes. */
const beginning = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1]);

/** The status that the server answers before the message has come. */
function statusOf(session: ClientHttp2Session, path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
        const call = session.request({
            ":method": "POST",
            ":path": path,
            "content-type": "application/grpc",
            te: "trailers",
            ...headers,
        });
        const read = (answer: Record<string, unknown>) => {
            if (answer["grpc-status"] !== undefined) {
                resolve(Number(answer["grpc-status"]));
                call.close();
            }
        };
        call.on("response", read);
        call.on("trailers", read);
        call.on("error", reject);
        call.resume();
        call.write(beginning);
    });
}

describe("a stranger at the server of a stack", () => {
    let bench: ReturnType<typeof createServerBench>;
    let session: ClientHttp2Session;
    beforeEach(async () => {
        bench = createServerBench();
        await bench.start();
        session = connect(`http://${readContact(bench.folder)!.address}`);
    });
    afterEach(async () => {
        session.destroy();
        await bench.close();
    });

    for (const [name, headers] of [
        ["no secret", {}],
        ["a wrong secret", { authorization: "0".repeat(64) }],
        ["a compressed message", { "grpc-encoding": "gzip" }],
    ] as const) {
        it(`is refused before a message is read, with ${name}`, async () => {
            assert.ok(paths.length > 15, "every call of both services is tried");
            for (const path of paths) {
                assert.equal(await statusOf(session, path, headers), status.UNAUTHENTICATED, path);
            }
        });
    }
});
