import * as grpc from "@grpc/grpc-js";
import { watchEngine } from "../../local/plugin/engineWatch";

const bind = (server: grpc.Server) =>
    new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        ),
    );

describe("the watch over the engine", () => {
    it("ends the plugin when nothing answers at the engine's address any more", async () => {
        const engine = new grpc.Server();
        const port = await bind(engine);
        let isThere = true;
        const gone = new Promise<void>((resolve, reject) =>
            watchEngine({
                address: `127.0.0.1:${port}`,
                patience: 200,
                onGone: () => (isThere ? reject(new Error("the engine is still there")) : resolve()),
            }),
        );
        await new Promise<void>((resolve, reject) => {
            const other = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
            other.waitForReady(Date.now() + 10_000, (error) => {
                other.close();
                error ? reject(error) : resolve();
            });
        });
        isThere = false;
        engine.forceShutdown();
        await gone;
    });
});
