// The AWS SDK for JavaScript v3 lists buckets all the while. usage: node list_buckets.mjs FILE
//
// FILE is told the figures, over and over: calls, failures, fetched credentials. Ends when standard input does.
import { writeFileSync } from "node:fs";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client({ maxAttempts: 1, forcePathStyle: true });
let calls = 0, failures = 0, fetched = 0, last, over = false;
process.stdin.on("end", () => { over = true; }).resume();
while (!over) {
    calls += 1;
    try {
        await s3.send(new ListBucketsCommand({}));
    } catch (trouble) {
        failures += 1;
        console.error("javascript:", trouble.name, trouble.message);
    }
    try {
        const { expiration } = await s3.config.credentials();
        const held = expiration ? expiration.toISOString() : "static";
        fetched += held !== last;
        last = held;
    } catch { /* told above */ }
    writeFileSync(process.argv[2], `${calls} ${failures} ${fetched}\n`);
    await new Promise((done) => setTimeout(done, 10));
}
