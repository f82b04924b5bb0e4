using System.Runtime.InteropServices;
using TorchSharp.Utils;
using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle on one of libtorch's tensors: its lifetime, its data and what it is.</summary>
    public partial class Tensor : IDisposable
    {
        private static long total;
        private nint _handle;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            // The gradient of what an output does not depend on is no tensor.
            if (handle == 0) return;
            Interlocked.Increment(ref total);
            if (register) DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>How many tensors of the process have not been disposed.</summary>
        public static long TotalCount => Interlocked.Read(ref total);

        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? Scope { get; set; }

        internal int PlaceInScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            DisposeScopeManager.OfThread.Disposing(this);
            if (disposing) Scope?.Forget(this);
            Interlocked.Decrement(ref total);
            st_tensor_release(handle);
        }

        /// <summary>Gives the native tensor to another object, which counts it from then on; this one becomes empty.</summary>
        internal nint MoveHandle()
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) Interlocked.Decrement(ref total);
            return handle;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public long ndim
        {
            get
            {
                Check(Kept(st_tensor_dim(Handle, out long dim)));
                return dim;
            }
        }

        public long dim() => ndim;

        public long numel()
        {
            Check(Kept(st_tensor_numel(Handle, out long count)));
            return count;
        }

        public long NumberOfElements => numel();

        public ScalarType dtype
        {
            get
            {
                Check(Kept(st_tensor_dtype(Handle, out int type)));
                return (ScalarType)type;
            }
        }

        public DeviceType device_type => Place().Type;
        public int device_index => Place().Index;
        public Device device => Place() is (not DeviceType.CPU, _) and var (type, index) ? new Device(type, index) : CPU;
        public long ElementSize => SizeOf(dtype);
        public bool is_contiguous() => Check(Kept(st_tensor_is_contiguous(Handle))) != 0;
        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* p = sizes) Check(Kept(st_tensor_sizes(Handle, p)));
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            long[] sizes = shape;
            int last = Math.Max(sizes.Length, 1) - 1;
            if (sizes.Length > 0 && dim >= ~last && dim <= last) return sizes[dim < 0 ? dim + sizes.Length : dim];
            throw new ExternalException($"Dimension out of range (expected to be in range of [{~last}, {last}], but got {dim})");
        }

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* p = strides) Check(Kept(st_tensor_strides(Handle, p)));
            return strides;
        }

        public bool requires_grad
        {
            get => Check(Kept(st_tensor_requires_grad(Handle))) != 0;
            set => Check(Kept(st_tensor_set_requires_grad(Handle, value ? 1 : 0)));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => Check(Kept(st_tensor_is_leaf(Handle))) != 0;

        public Tensor? grad
        {
            get
            {
                Check(Kept(st_tensor_grad(Handle, out nint grad)));
                return grad != 0 ? new Tensor(grad) : null;
            }
            set
            {
                Check(Kept(st_tensor_set_grad(Handle, value is null ? 0 : value.Handle)));
                GC.KeepAlive(value);
            }
        }

        public void backward() => autograd.backward(this);

        /// <summary>The elements of a contiguous tensor in the CPU's memory.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                RequireCpu();
                long size = numel() * ElementSize;
                if (size > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                return new Span<byte>((void*)Data(), (int)size);
            }
            set
            {
                var target = bytes;
                if (target.Length != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (TypeOf<T>() != dtype) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            RequireCpu();
            return new TensorAccessor<T>(this);
        }

        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        internal unsafe nint Data()
        {
            nint data = Kept(st_tensor_data(Handle));
            return data != 0 || numel() == 0 ? data : throw Failure();
        }

        private (DeviceType Type, int Index) Place()
        {
            Check(Kept(st_tensor_device(Handle, out int type, out int index)));
            return ((DeviceType)type, index);
        }

        /// <summary>Passes on what was read through the handle, and keeps the finaliser from this object until then.</summary>
        private T Kept<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }

        private void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
    }

    internal static ScalarType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(int) ? ScalarType.Int32
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : throw new ArgumentException($"{typeof(T).Name} is not a type of tensor elements here.");

    private static long SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        _ => 16,
    };
}
