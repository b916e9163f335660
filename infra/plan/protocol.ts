/** The messages and services of Pulumi's engine protocol that the stand-in speaks.
 *
 *  The generated modules are CommonJS whose names Node cannot see: each is taken whole, here and nowhere else. */
import { createRequire } from 'node:module';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import engineMessages from '@pulumi/pulumi/proto/engine_pb.js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import resourceMessages from '@pulumi/pulumi/proto/resource_pb.js';
import resourceServices from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import type Empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type StructMessages from 'google-protobuf/google/protobuf/struct_pb.js';

// Messages must be of the very copy of google-protobuf that Pulumi's generated code serialises with.
const require = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi/package.json'));
const empty: typeof Empty = require('google-protobuf/google/protobuf/empty_pb.js');
const struct: typeof StructMessages = require('google-protobuf/google/protobuf/struct_pb.js');

export type RegisterRequest = InstanceType<typeof resourceMessages.RegisterResourceRequest>;
export type ReadRequest = InstanceType<typeof resourceMessages.ReadResourceRequest>;
export type OutputsRequest = InstanceType<typeof resourceMessages.RegisterResourceOutputsRequest>;
export type InvokeRequest = InstanceType<typeof resourceMessages.ResourceInvokeRequest>;
export type LogRequest = InstanceType<typeof engineMessages.LogRequest>;
export type RootRequest = InstanceType<typeof engineMessages.SetRootResourceRequest>;
export type FeatureRequest = InstanceType<typeof resourceMessages.SupportsFeatureRequest>;
type Struct = InstanceType<typeof struct.Struct>;

export const messages = { ...resourceMessages, ...engineMessages, Empty: empty.Empty };
export const monitorService = resourceServices.ResourceMonitorService;
export const engineService = engineServices.EngineService;

/** The plain value of a protobuf struct; empty where there is none. */
export function fromStruct(value: Struct | undefined): Readonly<Record<string, unknown>> {
  return value?.toJavaScript() ?? {};
}

/** A protobuf struct of a value that JSON can carry. */
export function toStruct(value: Readonly<Record<string, unknown>>): Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
}

/** A gRPC method of one request and one answer; what `answer` throws reaches the caller as its error. */
export function unary<Request, Answer>(answer: (request: Request) => Answer): handleUnaryCall<Request, Answer> {
  return (call, callback) => {
    let value: Answer;
    try {
      value = answer(call.request);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null);
      return;
    }
    callback(null, value);
  };
}

/** A gRPC server without services; a plan with every rule and workbook exceeds the usual 4 MB. */
export function server(): Server {
  return new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
}

/** Listens on a free loopback port and answers its address. */
export function listen(on: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    on.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(`127.0.0.1:${port}`) : reject(error),
    );
  });
}
