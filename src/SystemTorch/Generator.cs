using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds libtorch's own generator and returns it.</summary>
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null) : this(Check(st_generator_new(seed))) => this.device = device ?? CPU;

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>A handle on libtorch's own generator; disposing it leaves the generator.</summary>
        public static Generator Default => new(Check(st_generator_default()));

        internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; } = CPU;

        public Generator manual_seed(long seed)
        {
            Check(Kept(st_generator_set_seed(Handle, unchecked((ulong)seed))));
            return this;
        }

        public long initial_seed()
        {
            Check(Kept(st_generator_get_seed(Handle, out ulong seed)));
            return unchecked((long)seed);
        }

        public long seed()
        {
            Check(Kept(st_generator_seed(Handle, out ulong seed)));
            return unchecked((long)seed);
        }

        public Tensor get_state() => new(Check(Kept(st_generator_get_state(Handle))));

        public void set_state(Tensor value)
        {
            Check(Kept(st_generator_set_state(Handle, value.Handle)));
            GC.KeepAlive(value);
        }

        private T Kept<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) st_generator_release(handle);
        }
    }
}
