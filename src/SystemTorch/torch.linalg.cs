namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Ops.linalg_eigh.CallForTwo(Lower(input, UPLO));

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Ops.linalg_eigvalsh.Call(Lower(input, UPLO));

        private static Tensor Lower(Tensor input, char triangle) =>
            triangle == 'L' ? input : throw new NotSupportedException("This binding reads the lower triangle only.");
    }
}
