import { adminAnnounces, annLeaves, describePage, removesPerson, twoPeopleTalk } from "../support/chatPage";

describePage(
    {
        title: "the chat's page on Socket.IO",
        stack: "local",
        config: { "azure-realtime:heartbeatSchedule": "* * * * * *" },
    },
    (pages) => {
        it("lets two people talk: to everyone, in one room, in all rooms, in private", async () => {
            const people = await twoPeopleTalk(pages);
            await people.ann.waitForFunction(() =>
                document.getElementById("tick")?.textContent?.startsWith("Service time"),
            );
            await annLeaves(people);
        });

        it("lets an admin announce, and removes a person, with and without closing the connection", async () => {
            const { admin, carol } = await adminAnnounces(pages);
            for (const button of ["Remove", "Disconnect"]) {
                await removesPerson({ admin, carol, button, reason: "You were removed from the chat" });
            }
            await admin.context().close();
            await carol.context().close();
        });
    },
);

describePage({ title: "the chat's page on Web PubSub", stack: "local-webpubsub" }, (pages) => {
    it("lets two people talk: to everyone, in one room, in all rooms, in private", async () =>
        annLeaves(await twoPeopleTalk(pages)));

    it("lets an admin announce, and removes a person", async () => {
        const { admin, carol } = await adminAnnounces(pages);
        await removesPerson({ admin, carol, button: "Remove", reason: "removed by admin" });
        await admin.context().close();
        await carol.context().close();
    });
});

describePage({ title: "the chat's page on SignalR", stack: "local-signalr" }, (pages) => {
    it("lets two people talk: to everyone, in one room, in all rooms, in private", async () =>
        annLeaves(await twoPeopleTalk(pages)));

    it("lets an admin announce", async () => {
        const { admin, carol } = await adminAnnounces(pages);
        await admin.context().close();
        await carol.context().close();
    });
});
