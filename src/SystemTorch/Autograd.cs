using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Check(st_grad_mode()) != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Check(st_inference_mode()) != 0;

    public static unsafe class autograd
    {
        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            fixed (nint* t = Handles(tensors), g = Handles(grad_tensors), i = Handles(inputs))
            {
                int retain = retain_graph ?? create_graph ? 1 : 0;
                Check(st_backward(t, g, tensors.Count, retain, create_graph ? 1 : 0, i, inputs?.Count ?? 0));
            }
            KeepAlive(tensors, grad_tensors, inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* o = Handles(outputs), g = Handles(grad_outputs), i = Handles(inputs), r = results)
                Check(st_grad(o, g, outputs.Count, i, inputs.Count, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            KeepAlive(outputs, grad_outputs, inputs);
            return Array.ConvertAll(results, handle => new Tensor(handle));
        }

        private static void KeepAlive(object? first, object? second, object? third)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }

        private static nint[]? Handles(IList<Tensor>? tensors) => tensors?.Select(t => t.Handle).ToArray();
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Check(st_grad_mode());

        public GradMode(bool enabled) => Check(st_set_grad_mode(enabled ? 1 : 0));

        public void Dispose() => Check(st_set_grad_mode(_before));
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Check(st_enter_inference_mode(enabled ? 1 : 0));

        public void Dispose()
        {
            if (_guard != 0) st_leave_inference_mode(_guard);
            _guard = 0;
        }
    }
}
