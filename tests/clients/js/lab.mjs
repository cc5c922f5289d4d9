// The AWS SDK for JavaScript v3 on the lab: S3, IAM and STS as an application calls them, and their errors.
// Endpoint, key and region come from the environment.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import test from "node:test";
import { CreateAccessKeyCommand, CreateUserCommand, DeleteAccessKeyCommand, DeleteUserCommand, IAMClient,
  ListAccessKeysCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListBucketsCommand,
  ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const settings = { endpoint: process.env.AWS_ENDPOINT_URL, region: "us-east-1", maxAttempts: 1 };
const s3 = new S3Client({ ...settings, forcePathStyle: true });
const iam = new IAMClient(settings);
const sts = new STSClient(settings);

async function refused(name, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.name, name);
    assert.ok(error.$metadata.requestId, "the request has an id");
    return true;
  });
}

test("objects are put, read, listed and deleted", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: "from-js" }));
  const buckets = await s3.send(new ListBucketsCommand({}));
  assert.deepEqual(buckets.Buckets.map((bucket) => bucket.Name), ["from-js"]);

  const put = await s3.send(new PutObjectCommand({ Bucket: "from-js", Key: "a b/é", Body: "123456789",
    Metadata: { colour: "blue" } }));
  assert.equal(put.ETag, '"25f9e794323b453885f5181f1b624d0b"');
  assert.equal(put.ChecksumCRC32, "y/Q5Jg==");
  const got = await s3.send(new GetObjectCommand({ Bucket: "from-js", Key: "a b/é" }));
  assert.equal(await got.Body.transformToString(), "123456789");
  assert.equal(got.Metadata.colour, "blue");

  const list = await s3.send(new ListObjectsV2Command({ Bucket: "from-js" }));
  assert.deepEqual(list.Contents.map((object) => object.Key), ["a b/é"]);
  const deleted = await s3.send(new DeleteObjectsCommand({ Bucket: "from-js",
    Delete: { Objects: [{ Key: "a b/é" }] } }));
  assert.deepEqual(deleted.Deleted.map((object) => object.Key), ["a b/é"]);
  await refused("NoSuchKey", s3.send(new GetObjectCommand({ Bucket: "from-js", Key: "a b/é" })));
  await refused("NotFound", s3.send(new HeadObjectCommand({ Bucket: "from-js", Key: "a b/é" })));
  await refused("NoSuchBucket", s3.send(new ListObjectsV2Command({ Bucket: "nowhere" })));
});

test("a stream travels in chunks with a trailer", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: "streamed" }));
  const data = "x".repeat(100_000);
  await s3.send(new PutObjectCommand({ Bucket: "streamed", Key: "k", Body: Readable.from([Buffer.from(data)]),
    ContentLength: data.length }));
  const got = await s3.send(new GetObjectCommand({ Bucket: "streamed", Key: "k" }));
  assert.equal(await got.Body.transformToString(), data);
  assert.equal(got.ContentEncoding, undefined, "the framing is no encoding of the object");
});

test("access keys are made, listed, used and deleted", async () => {
  await iam.send(new CreateUserCommand({ UserName: "carol" }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: "carol" }));
  const listed = await iam.send(new ListAccessKeysCommand({ UserName: "carol" }));
  assert.deepEqual(listed.AccessKeyMetadata.map((one) => [one.AccessKeyId, one.Status]), [[key.AccessKeyId, "Active"]]);

  const credentials = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
  const carol = await new STSClient({ ...settings, credentials }).send(new GetCallerIdentityCommand({}));
  assert.equal(carol.Arn, "arn:aws:iam::123456789012:user/carol");
  await refused("AccessDenied",
    new S3Client({ ...settings, credentials, forcePathStyle: true }).send(new ListBucketsCommand({})));

  await iam.send(new CreateAccessKeyCommand({ UserName: "carol" }));
  await refused("LimitExceededException", iam.send(new CreateAccessKeyCommand({ UserName: "carol" })));
  await refused("DeleteConflictException", iam.send(new DeleteUserCommand({ UserName: "carol" })));
  await iam.send(new DeleteAccessKeyCommand({ UserName: "carol", AccessKeyId: key.AccessKeyId }));
  await refused("InvalidClientTokenId", new STSClient({ ...settings, credentials }).send(new GetCallerIdentityCommand({})));
  await refused("InvalidAccessKeyId",
    new S3Client({ ...settings, credentials, forcePathStyle: true }).send(new ListBucketsCommand({})));
  await refused("NoSuchEntityException", iam.send(new ListAccessKeysCommand({ UserName: "nobody" })));
});

test("the identity of the root user", async () => {
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, "arn:aws:iam::123456789012:root");
});
