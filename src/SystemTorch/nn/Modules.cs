using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static Tanh Tanh() => new();

            public static Sigmoid Sigmoid() => new();
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b, initialised as PyTorch does.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputs, long outputs, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            double bound = inputs > 0 ? 1 / Math.Sqrt(inputs) : 0;
            register_parameter(nameof(weight), Uniform(bound, empty([outputs, inputs], dtype, device)));
            if (hasBias) register_parameter(nameof(bias), Uniform(bound, empty([outputs], dtype, device)));
        }

        public Parameter weight => get_parameter(nameof(weight)) ?? throw new InvalidOperationException("A linear layer has a weight.");

        public Parameter? bias => get_parameter(nameof(bias));

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);

        // The module owns its parameters, whichever scope it was made in.
        private static Parameter Uniform(double bound, Tensor tensor) =>
            new(tensor.uniform_(-bound, bound).DetachFromDisposeScope());
    }

    /// <summary>Modules one after the other, named by their positions.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor>[] _steps;

        internal Sequential(nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            _steps = modules;
            for (int i = 0; i < modules.Length; i++) register_module(i.ToString(), modules[i]);
        }

        public override Tensor forward(Tensor tensor)
        {
            using var scope = NewDisposeScope();
            var result = tensor.alias();
            foreach (var step in _steps) result = step.call(result);
            return result.MoveToOuterDisposeScope();
        }
    }

    /// <summary>A function without parameters.</summary>
    public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>
    {
        protected ParameterLessModule(string name) : base(name) { }
    }

    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        internal ReLU(bool inplace) : base(nameof(ReLU)) => this.inplace = inplace;

        public bool inplace { get; }

        public override Tensor forward(Tensor tensor) => inplace ? tensor.relu_().alias() : tensor.relu();
    }

    public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
    {
        internal Tanh() : base(nameof(Tanh)) { }

        public override Tensor forward(Tensor tensor) => tensor.tanh();
    }

    public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal Sigmoid() : base(nameof(Sigmoid)) { }

        public override Tensor forward(Tensor tensor) => tensor.sigmoid();
    }
}
