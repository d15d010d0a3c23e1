// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
#ifndef MIDTRAIN_GRAPH_FUNCTION_H_
#define MIDTRAIN_GRAPH_FUNCTION_H_

#include <node_api.h>

#include "tensorflow/c/eager/c_api.h"

namespace midtrain {

// addGraphFunction(name: string, graphDef: Uint8Array, inputs: string[], outputs: string[]): undefined
// Inputs name nodes, outputs are "node:index". Afterwards executeOp(name, [], ids, outputs.length) runs the function.
napi_value AddGraphFunction(napi_env env, napi_callback_info info, TFE_Context *context);

// removeGraphFunction(name: string): undefined
napi_value RemoveGraphFunction(napi_env env, napi_callback_info info, TFE_Context *context);

// listDevices(): { name: string, type: string }[]
napi_value ListDevices(napi_env env, TFE_Context *context);

// hasOperation(name: string): boolean
// Whether this TensorFlow, with what is compiled into the binding, knows an operation.
napi_value HasOperation(napi_env env, napi_callback_info info, TFE_Context *context);

}  // namespace midtrain

#endif  // MIDTRAIN_GRAPH_FUNCTION_H_
