// A C interface to libtorch. Operators are not wrapped one by one: libtorch's dispatcher runs any of them by name.
// Handles are owning TensorImpl and GeneratorImpl pointers. Functions that can fail return -1 or null and leave a message.
#include <algorithm>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

namespace {

thread_local std::string last_error;

enum Tag : int32_t { None, Tensor, Int, Double, Bool, IntList, TensorList, Generator, Device, Default };

struct Value {
  int32_t tag;
  int32_t length; // of a list; the index of a device
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

template <typename F>
auto guarded(decltype(std::declval<F>()()) failure, F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "libtorch threw an exception of unknown type";
  }
  return failure;
}

at::Tensor borrow(void* handle) {
  if (!handle) return {};
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(static_cast<c10::TensorImpl*>(handle)));
}

// Without a count of the reference, for questions that are asked often.
c10::TensorImpl* implementation(void* handle) { return static_cast<c10::TensorImpl*>(handle); }

void* hand_over(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

at::Generator borrow_generator(void* handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(handle)));
}

std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

c10::IValue to_ivalue(const Value& v) {
  switch (v.tag) {
    case Tensor: return borrow(v.pointer);
    case Int: return v.integer;
    case Double: return v.real;
    case Bool: return v.integer != 0;
    case IntList: return c10::IValue(at::IntArrayRef(static_cast<const int64_t*>(v.pointer), v.length));
    case TensorList: return c10::IValue(borrow_all(static_cast<void* const*>(v.pointer), v.length));
    case Generator: return borrow_generator(v.pointer);
    case Device: return c10::Device(static_cast<c10::DeviceType>(v.integer), static_cast<c10::DeviceIndex>(v.length));
    default: return {};
  }
}

// Lists of tensors become as many values.
void flatten(c10::IValue&& value, std::vector<c10::IValue>& values) {
  if (value.isTensorList()) {
    for (at::Tensor t : value.toTensorVector()) values.emplace_back(std::move(t));
    return;
  }
  TORCH_CHECK(value.isTensor() || value.isInt() || value.isDouble() || value.isBool(),
              "an operator returned a ", value.tagKind(), ", which this interface does not pass on");
  values.push_back(std::move(value));
}

// Does not throw, so that a tensor handed over always reaches its new owner.
Value from_ivalue(c10::IValue&& value) {
  Value out{};
  if (value.isTensor()) {
    out.tag = Tensor;
    out.pointer = hand_over(std::move(value).toTensor());
  } else if (value.isInt()) {
    out.tag = Int;
    out.integer = value.toInt();
  } else if (value.isDouble()) {
    out.tag = Double;
    out.real = value.toDouble();
  } else {
    out.tag = Bool;
    out.integer = value.toBool();
  }
  return out;
}

// An operator and what a call would otherwise ask its schema for each time.
struct Operator {
  explicit Operator(const c10::OperatorHandle& found) : handle(found) {
    for (const auto& argument : handle.schema().arguments()) {
      has_default.push_back(static_cast<bool>(argument.default_value()));
      defaults.push_back(argument.default_value() ? *argument.default_value() : c10::IValue());
    }
  }

  size_t size() const { return defaults.size(); }

  c10::IValue default_of(size_t i) const {
    TORCH_CHECK(has_default[i], "argument '", handle.schema().arguments()[i].name(), "' of ", handle.operator_name().name, " has no default");
    return defaults[i];
  }

  c10::IValue argument(size_t i, const Value& v) const {
    if (v.tag == Default) return default_of(i);
    return to_ivalue(v);
  }

  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;
  std::vector<bool> has_default;
};

// What a caller asks before anything else: the interface of libtorch's C++ classes changes from one minor version to the next.
// `show_config` has kept its signature since libtorch 1.1, so that it can be asked of any.
std::string loaded_version() {
  const std::string key = "TORCH_VERSION=", config = at::show_config();
  const size_t start = config.find(key);
  if (start == std::string::npos) return "(of a version that it does not tell)";
  const size_t first = start + key.size();
  return config.substr(first, config.find_first_of(", \n", first) - first);
}

} // namespace

// An exception must not cross into C: every function is `guarded`, and what it finds out goes out through a pointer where no value is
// left to tell of a failure.
extern "C" {

const char* st_error() { return last_error.c_str(); }

const char* st_compiled_version() { return TORCH_VERSION; }

const char* st_loaded_version() {
  return guarded<>(static_cast<const char*>(nullptr), [] {
    static const std::string version = loaded_version();
    return version.c_str();
  });
}

void* st_find_operator(const char* name, const char* overload) {
  return guarded<>(static_cast<void*>(nullptr), [&]() -> void* {
    return new Operator(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// Missing trailing arguments take the schema's defaults. A capacity of 0 drops the results, as for operators that
// return the tensor they changed; otherwise more results than `capacity` are an error.
int32_t st_call(const void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  return guarded<>(-1, [&]() -> int32_t {
    const auto& called = *static_cast<const Operator*>(op);
    const size_t given = count, room = capacity;
    TORCH_CHECK(given <= called.size(), called.handle.operator_name().name, " takes ", called.size(), " arguments, not ", given);
    torch::jit::Stack stack;
    stack.reserve(called.size());
    for (size_t i = 0; i < given; i++) stack.push_back(called.argument(i, arguments[i]));
    for (size_t i = given; i < called.size(); i++) stack.push_back(called.default_of(i));
    called.handle.callBoxed(&stack);
    if (room == 0) return 0;
    if (stack.size() == 1 && stack[0].isTensor()) {
      results[0] = from_ivalue(std::move(stack[0]));
      return 1;
    }
    std::vector<c10::IValue> values;
    for (auto& value : stack) flatten(std::move(value), values);
    TORCH_CHECK(values.size() <= room, called.handle.operator_name().name, " returned ", values.size(), " values; there is room for ", room);
    for (size_t i = 0; i < values.size(); i++) results[i] = from_ivalue(std::move(values[i]));
    return static_cast<int32_t>(values.size());
  });
}

// Nobody could do anything about a destructor that fails.
void st_tensor_release(void* tensor) {
  guarded<>(-1, [&] { c10::raw::intrusive_ptr::decref(implementation(tensor)); return 0; });
}

int32_t st_tensor_dim(void* tensor, int64_t* dim) {
  return guarded<>(-1, [&] { *dim = implementation(tensor)->dim(); return 0; });
}

int32_t st_tensor_numel(void* tensor, int64_t* count) {
  return guarded<>(-1, [&] { *count = implementation(tensor)->numel(); return 0; });
}

int32_t st_tensor_dtype(void* tensor, int32_t* type) {
  return guarded<>(-1, [&] { *type = static_cast<int32_t>(c10::typeMetaToScalarType(implementation(tensor)->dtype())); return 0; });
}

int32_t st_tensor_device(void* tensor, int32_t* type, int32_t* index) {
  return guarded<>(-1, [&] {
    const c10::Device device = implementation(tensor)->device();
    *type = static_cast<int32_t>(device.type());
    *index = device.index();
    return 0;
  });
}

// 1 or 0, as from the other questions below.
int32_t st_tensor_is_contiguous(void* tensor) {
  return guarded<>(-1, [&]() -> int32_t { return implementation(tensor)->is_contiguous(); });
}

int32_t st_tensor_sizes(void* tensor, int64_t* sizes) {
  return guarded<>(-1, [&] {
    const auto found = implementation(tensor)->sizes();
    std::copy(found.begin(), found.end(), sizes);
    return 0;
  });
}

int32_t st_tensor_strides(void* tensor, int64_t* strides) {
  return guarded<>(-1, [&] {
    const auto found = implementation(tensor)->strides();
    std::copy(found.begin(), found.end(), strides);
    return 0;
  });
}

void* st_tensor_data(void* tensor) {
  return guarded<>(static_cast<void*>(nullptr), [&]() -> void* { return borrow(tensor).data_ptr(); });
}

int32_t st_tensor_requires_grad(void* tensor) {
  return guarded<>(-1, [&]() -> int32_t { return borrow(tensor).requires_grad(); });
}

int32_t st_tensor_is_leaf(void* tensor) {
  return guarded<>(-1, [&]() -> int32_t { return borrow(tensor).is_leaf(); });
}

int32_t st_tensor_grad(void* tensor, void** grad) {
  return guarded<>(-1, [&] { *grad = hand_over(borrow(tensor).grad()); return 0; });
}

int32_t st_tensor_set_requires_grad(void* tensor, int32_t value) {
  return guarded<>(-1, [&] { borrow(tensor).set_requires_grad(value != 0); return 0; });
}

int32_t st_tensor_set_grad(void* tensor, void* grad) {
  return guarded<>(-1, [&] { borrow(tensor).mutable_grad() = borrow(grad); return 0; });
}

int32_t st_backward(void* const* tensors, void* const* grads, int32_t count, int32_t retain, int32_t create_graph, void* const* inputs, int32_t input_count) {
  return guarded<>(-1, [&] {
    torch::autograd::backward(
        borrow_all(tensors, count),
        grads ? borrow_all(grads, count) : std::vector<at::Tensor>{},
        retain != 0,
        create_graph != 0,
        borrow_all(inputs, input_count));
    return 0;
  });
}

int32_t st_grad(void* const* outputs, void* const* grads, int32_t count, void* const* inputs, int32_t input_count,
                int32_t retain, int32_t create_graph, int32_t allow_unused, void** results) {
  return guarded<>(-1, [&] {
    auto computed = torch::autograd::grad(
        borrow_all(outputs, count), borrow_all(inputs, input_count),
        grads ? borrow_all(grads, count) : std::vector<at::Tensor>{},
        retain != 0, create_graph != 0, allow_unused != 0);
    for (int32_t i = 0; i < input_count; i++) results[i] = hand_over(computed[i]);
    return 0;
  });
}

int32_t st_grad_mode() {
  return guarded<>(-1, []() -> int32_t { return c10::GradMode::is_enabled(); });
}

int32_t st_set_grad_mode(int32_t enabled) {
  return guarded<>(-1, [&] { c10::GradMode::set_enabled(enabled != 0); return 0; });
}

int32_t st_threads() {
  return guarded<>(-1, []() -> int32_t { return at::get_num_threads(); });
}

// Guards nest, so that the one entered last is the first to be left, on the same thread.
int32_t st_inference_mode() {
  return guarded<>(-1, []() -> int32_t { return c10::InferenceMode::is_enabled(); });
}

void* st_enter_inference_mode(int32_t enabled) {
  return guarded<>(static_cast<void*>(nullptr), [&]() -> void* { return new c10::InferenceMode(enabled != 0); });
}

void st_leave_inference_mode(void* guard) {
  guarded<>(-1, [&] { delete static_cast<c10::InferenceMode*>(guard); return 0; });
}

int32_t st_set_threads(int32_t count) {
  return guarded<>(-1, [&] { at::set_num_threads(count); return 0; });
}

void* st_generator_new(uint64_t seed) {
  return guarded<>(static_cast<void*>(nullptr), [&]() -> void* { return at::detail::createCPUGenerator(seed).unsafeReleaseGeneratorImpl(); });
}

void* st_generator_default() {
  return guarded<>(static_cast<void*>(nullptr), []() -> void* { return at::Generator(at::detail::getDefaultCPUGenerator()).unsafeReleaseGeneratorImpl(); });
}

void st_generator_release(void* generator) {
  guarded<>(-1, [&] { c10::raw::intrusive_ptr::decref(static_cast<c10::GeneratorImpl*>(generator)); return 0; });
}

// Generators are locked by whoever uses them: operators do so while they draw.
int32_t st_generator_set_seed(void* generator, uint64_t seed) {
  return guarded<>(-1, [&] {
    auto g = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(seed);
    return 0;
  });
}

int32_t st_generator_get_seed(void* generator, uint64_t* seed) {
  return guarded<>(-1, [&] {
    auto g = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    *seed = g.current_seed();
    return 0;
  });
}

int32_t st_generator_seed(void* generator, uint64_t* seed) {
  return guarded<>(-1, [&] {
    auto g = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    *seed = g.seed();
    return 0;
  });
}

void* st_generator_get_state(void* generator) {
  return guarded<>(static_cast<void*>(nullptr), [&] {
    auto g = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    return hand_over(g.get_state());
  });
}

int32_t st_generator_set_state(void* generator, void* state) {
  return guarded<>(-1, [&] {
    auto g = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(borrow(state));
    return 0;
  });
}

} // extern "C"
