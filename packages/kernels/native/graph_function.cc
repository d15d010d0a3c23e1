// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
#include "graph_function.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"

namespace midtrain {
namespace {

using Status = std::unique_ptr<TF_Status, decltype(&TF_DeleteStatus)>;
using Graph = std::unique_ptr<TF_Graph, decltype(&TF_DeleteGraph)>;
using Function = std::unique_ptr<TF_Function, decltype(&TF_DeleteFunction)>;

Status NewStatus() { return Status(TF_NewStatus(), &TF_DeleteStatus); }

bool Ok(napi_env env, const Status &status) {
  if (TF_GetCode(status.get()) == TF_OK) return true;
  napi_throw_error(env, nullptr, TF_Message(status.get()));
  return false;
}

bool ReadText(napi_env env, napi_value value, std::string *text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "expected a string");
    return false;
  }
  std::vector<char> buffer(length + 1);
  napi_get_value_string_utf8(env, value, buffer.data(), buffer.size(), &length);
  text->assign(buffer.data(), length);
  return true;
}

// The only argument of a call.
bool ReadOnlyText(napi_env env, napi_callback_info info, std::string *text) {
  size_t argc = 1;
  napi_value argument;
  if (napi_get_cb_info(env, info, &argc, &argument, nullptr, nullptr) != napi_ok) return false;
  return argc >= 1 && ReadText(env, argument, text);
}

bool ReadTexts(napi_env env, napi_value value, std::vector<std::string> *texts) {
  uint32_t length = 0;
  if (napi_get_array_length(env, value, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "expected an array of strings");
    return false;
  }
  texts->resize(length);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    if (napi_get_element(env, value, i, &element) != napi_ok) return false;
    if (!ReadText(env, element, &(*texts)[i])) return false;
  }
  return true;
}

// Finds "node" or "node:index" in a graph.
bool FindOutputs(napi_env env, TF_Graph *graph, const std::vector<std::string> &names,
                 std::vector<TF_Output> *outputs) {
  for (const std::string &name : names) {
    const size_t colon = name.find(':');
    const std::string node = name.substr(0, colon);
    const char *const digits = colon == std::string::npos ? "0" : name.c_str() + colon + 1;
    char *end = nullptr;
    const long index = std::strtol(digits, &end, 10);
    TF_Operation *operation = TF_GraphOperationByName(graph, node.c_str());
    if (operation == nullptr || end == digits || *end != '\0' || index < 0 || index >= TF_OperationNumOutputs(operation)) {
      napi_throw_error(env, nullptr, ("the graph has no output " + name).c_str());
      return false;
    }
    outputs->push_back({operation, static_cast<int>(index)});
  }
  return true;
}

napi_value Text(napi_env env, const char *text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

}  // namespace

napi_value AddGraphFunction(napi_env env, napi_callback_info info, TFE_Context *context) {
  size_t argc = 4;
  napi_value arguments[4];
  if (napi_get_cb_info(env, info, &argc, arguments, nullptr, nullptr) != napi_ok) return nullptr;
  if (argc < 4) {
    napi_throw_type_error(env, nullptr, "addGraphFunction takes (name, graphDef, inputs, outputs)");
    return nullptr;
  }
  std::string name;
  std::vector<std::string> input_names;
  std::vector<std::string> output_names;
  if (!ReadText(env, arguments[0], &name) || !ReadTexts(env, arguments[2], &input_names) ||
      !ReadTexts(env, arguments[3], &output_names)) {
    return nullptr;
  }
  napi_typedarray_type type;
  size_t length = 0;
  void *data = nullptr;
  if (napi_get_typedarray_info(env, arguments[1], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    napi_throw_type_error(env, nullptr, "addGraphFunction: graphDef must be a Uint8Array");
    return nullptr;
  }

  Status status = NewStatus();
  Graph graph(TF_NewGraph(), &TF_DeleteGraph);
  TF_Buffer *definition = TF_NewBufferFromString(data, length);
  TF_ImportGraphDefOptions *options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph.get(), definition, options, status.get());
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(definition);
  if (!Ok(env, status)) return nullptr;

  std::vector<TF_Output> inputs;
  std::vector<TF_Output> outputs;
  if (!FindOutputs(env, graph.get(), input_names, &inputs) ||
      !FindOutputs(env, graph.get(), output_names, &outputs)) {
    return nullptr;
  }
  Function function(TF_GraphToFunction(graph.get(), name.c_str(), 0, -1, nullptr, inputs.size(), inputs.data(),
                                       outputs.size(), outputs.data(), nullptr, nullptr, nullptr, status.get()),
                    &TF_DeleteFunction);
  if (!Ok(env, status)) return nullptr;
  TFE_ContextAddFunction(context, function.get(), status.get());
  Ok(env, status);
  return nullptr;
}

napi_value RemoveGraphFunction(napi_env env, napi_callback_info info, TFE_Context *context) {
  std::string name;
  if (!ReadOnlyText(env, info, &name)) return nullptr;
  Status status = NewStatus();
  TFE_ContextRemoveFunction(context, name.c_str(), status.get());
  Ok(env, status);
  return nullptr;
}

napi_value HasOperation(napi_env env, napi_callback_info info, TFE_Context *context) {
  std::string name;
  if (!ReadOnlyText(env, info, &name)) return nullptr;
  Status status = NewStatus();
  TFE_Op *operation = TFE_NewOp(context, name.c_str(), status.get());
  const bool found = TF_GetCode(status.get()) == TF_OK;
  if (found) TFE_DeleteOp(operation);
  napi_value answer = nullptr;
  napi_get_boolean(env, found, &answer);
  return answer;
}

napi_value ListDevices(napi_env env, TFE_Context *context) {
  Status status = NewStatus();
  TF_DeviceList *devices = TFE_ContextListDevices(context, status.get());
  if (!Ok(env, status)) return nullptr;
  napi_value list = nullptr;
  napi_create_array(env, &list);
  const int count = TF_DeviceListCount(devices);
  for (int i = 0; i < count; ++i) {
    napi_value device = nullptr;
    napi_create_object(env, &device);
    napi_set_named_property(env, device, "name", Text(env, TF_DeviceListName(devices, i, status.get())));
    napi_set_named_property(env, device, "type", Text(env, TF_DeviceListType(devices, i, status.get())));
    napi_set_element(env, list, i, device);
  }
  TF_DeleteDeviceList(devices);
  return list;
}

}  // namespace midtrain
