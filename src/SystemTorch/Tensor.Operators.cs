namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor neg() => Ops.neg.Call(this);
        public Tensor exp() => Ops.exp.Call(this);
        public Tensor log() => Ops.log.Call(this);
        public Tensor log1p() => Ops.log1p.Call(this);
        public Tensor expm1() => Ops.expm1.Call(this);
        public Tensor sqrt() => Ops.sqrt.Call(this);
        public Tensor rsqrt() => Ops.rsqrt.Call(this);
        public Tensor square() => Ops.square.Call(this);
        public Tensor abs() => Ops.abs.Call(this);
        public Tensor sign() => Ops.sign.Call(this);
        public Tensor sin() => Ops.sin.Call(this);
        public Tensor sigmoid() => Ops.sigmoid.Call(this);
        public Tensor tanh() => Ops.tanh.Call(this);
        public Tensor relu() => Ops.relu.Call(this);
        public Tensor isfinite() => Ops.isfinite.Call(this);
        public Tensor isnan() => Ops.isnan.Call(this);
        public Tensor isinf() => Ops.isinf.Call(this);
        public Tensor erf() => Ops.erf.Call(this);
        public Tensor lgamma() => Ops.lgamma.Call(this);
        public Tensor digamma() => Ops.digamma.Call(this);
        public Tensor floor() => Ops.floor.Call(this);
        public Tensor ceil() => Ops.ceil.Call(this);
        public Tensor logical_not() => Ops.logical_not.Call(this);
        public Tensor exp_() => Ops.exp_.CallInPlace(this, this);
        public Tensor log_() => Ops.log_.CallInPlace(this, this);
        public Tensor sqrt_() => Ops.sqrt_.CallInPlace(this, this);
        public Tensor sigmoid_() => Ops.sigmoid_.CallInPlace(this, this);
        public Tensor tanh_() => Ops.tanh_.CallInPlace(this, this);
        public Tensor relu_() => Ops.relu_.CallInPlace(this, this);
        public Tensor zero_() => Ops.zero_.CallInPlace(this, this);

        public Tensor add(Tensor target) => Ops.add.Call(this, target);
        public Tensor add(Scalar scalar) => Ops.add_scalar.Call(this, scalar);
        public Tensor add_(Tensor target) => Ops.add_.CallInPlace(this, this, target);
        public Tensor add_(Scalar scalar) => Ops.add__scalar.CallInPlace(this, this, scalar);
        public Tensor sub(Tensor target) => Ops.sub.Call(this, target);
        public Tensor sub(Scalar target) => Ops.sub_scalar.Call(this, target);
        public Tensor sub_(Tensor target) => Ops.sub_.CallInPlace(this, this, target);
        public Tensor sub_(Scalar target) => Ops.sub__scalar.CallInPlace(this, this, target);
        public Tensor mul(Tensor target) => Ops.mul.Call(this, target);
        public Tensor mul(Scalar target) => Ops.mul_scalar.Call(this, target);
        public Tensor mul_(Tensor target) => Ops.mul_.CallInPlace(this, this, target);
        public Tensor mul_(Scalar target) => Ops.mul__scalar.CallInPlace(this, this, target);
        public Tensor add(Tensor target, Scalar alpha) => Ops.add.Call(this, target, alpha);
        public Tensor add_(Tensor target, Scalar alpha) => Ops.add_.CallInPlace(this, this, target, alpha);
        public Tensor pow(Scalar exponent) => Ops.pow.Call(this, exponent);
        public Tensor pow(Tensor exponent) => Ops.pow_tensor.Call(this, exponent);

        public Tensor eq(Tensor target) => Ops.eq.Call(this, target);
        public Tensor eq(Scalar target) => Ops.eq_scalar.Call(this, target);
        public Tensor ne(Tensor target) => Ops.ne.Call(this, target);
        public Tensor ne(Scalar target) => Ops.ne_scalar.Call(this, target);
        public Tensor gt(Tensor target) => Ops.gt.Call(this, target);
        public Tensor gt(Scalar target) => Ops.gt_scalar.Call(this, target);
        public Tensor ge(Tensor target) => Ops.ge.Call(this, target);
        public Tensor ge(Scalar target) => Ops.ge_scalar.Call(this, target);
        public Tensor lt(Tensor target) => Ops.lt.Call(this, target);
        public Tensor lt(Scalar target) => Ops.lt_scalar.Call(this, target);
        public Tensor le(Tensor target) => Ops.le.Call(this, target);
        public Tensor le(Scalar target) => Ops.le_scalar.Call(this, target);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcmul_.CallInPlace(this, this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcdiv_.CallInPlace(this, this, tensor1, tensor2, value);
        public Tensor fill_(Scalar value) => Ops.fill_.CallInPlace(this, this, value);
        public Tensor set_(Tensor source) => Ops.set_.CallInPlace(this, this, source);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.copy_.CallInPlace(this, this, source, nonBlocking);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Ops.normal_.CallInPlace(this, this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Ops.uniform_.CallInPlace(this, this, from, to, generator);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Ops.clamp.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Ops.clamp_.CallInPlace(this, this, min, max);
        public Tensor maximum(Tensor other) => Ops.maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Ops.minimum.Call(this, other);
        public Tensor logical_and(Tensor other) => Ops.logical_and.Call(this, other);
        public Tensor logical_or(Tensor other) => Ops.logical_or.Call(this, other);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.masked_fill.Call(this, mask, value);

        public Tensor sum(ScalarType? type = null) => Ops.sum.Call(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim.Call(this, dim, keepdim, type);
        public Tensor mean() => Ops.mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Ops.mean_dim.Call(this, dimensions, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Ops.var_dim.Call(type is { } t ? to(t) : this, dimensions, unbiased, keepdim);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Ops.std_dim.Call(type is { } t ? to(t) : this, dimensions, unbiased, keepdim);
        public Tensor max() => Ops.max.Call(this);
        public Tensor min() => Ops.min.Call(this);
        public Tensor all() => Ops.all.Call(this);
        public Tensor any() => Ops.any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Ops.any_dim.Call(this, dim, keepdim);
        public Tensor argmax(long dim, bool keepdim = false) => Ops.argmax.Call(this, dim, keepdim);
        public Tensor argmin(long dim, bool keepdim = false) => Ops.argmin.Call(this, dim, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Ops.logsumexp.Call(this, new[] { dim }, keepdim);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Ops.softmax.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Ops.log_softmax.Call(this, dim, dtype);
        public Tensor cumsum(long dim, ScalarType? type = null) => Ops.cumsum.Call(this, dim, type);
        public Tensor norm(float p = 2) => Ops.norm.Call(this, (double)p);
        public Tensor dot(Tensor target) => Ops.dot.Call(this, target);

        public Tensor matmul(Tensor target) => Ops.matmul.Call(this, target);
        public Tensor mm(Tensor target) => Ops.mm.Call(this, target);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm.Call(this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm_.CallInPlace(this, this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor t() => Ops.t.Call(this);
        public Tensor transpose(long dim0, long dim1) => Ops.transpose.Call(this, dim0, dim1);
        public Tensor permute(params long[] permutation) => Ops.permute.Call(this, permutation);
        public Tensor reshape(params long[] shape) => Ops.reshape.Call(this, shape);
        public Tensor view(params long[] shape) => Ops.view.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.flatten.Call(this, start_dim, end_dim);
        public Tensor unsqueeze(long dim) => Ops.unsqueeze.Call(this, dim);
        public Tensor expand(params long[] sizes) => Ops.expand.Call(this, sizes);
        public Tensor index_select(long dim, Tensor index) => Ops.index_select.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => Ops.gather.Call(this, dim, index);
        public Tensor narrow(long dim, long start, long length) => Ops.narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Ops.select.Call(this, dim, index);
        public Tensor alias() => Ops.alias.Call(this);
        public Tensor detach() => Ops.detach.Call(this);
        public Tensor clone() => Ops.clone.Call(this);
        public Tensor contiguous() => Ops.contiguous.Call(this);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Ops.squeeze_dim.Call(this, d) : Ops.squeeze.Call(this);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor T => ndim == 2 ? t() : Ops.numpy_T.Call(this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Ops.max_dim.CallForTwo(this, dim, keepdim);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Ops.min_dim.CallForTwo(this, dim, keepdim);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            (stable ? Ops.sort_stable : Ops.sort).CallForTwo(stable ? [this, true, dim, descending] : [this, dim, descending]);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Ops.topk.CallForTwo(this, (long)k, (long)dim, largest, sorted);
        public Tensor[] split(long size, int dim = 0) => Ops.split.CallForList((int)(this.size(dim) / Math.Max(size, 1)) + 1, this, size, (long)dim);
        public bool allclose(Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) =>
            Ops.allclose.CallForBool(this, target, rtol, atol, equal_nan);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replace(Ops.to_dtype.Call(this, type, non_blocking, copy), disposeAfter);
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replace(Ops.to_device.Call(this, device, dtype, non_blocking, copy), disposeAfter);
        public Tensor cpu() => to(CPU);

        /// <summary>Element by element, as in TorchSharp: a comparison with null needs <c>is null</c>.</summary>
        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public bool Equals(Tensor target) => target is not null && Ops.equal.CallForBool(this, target);
        public override bool Equals(object? obj) => obj is Tensor target && Equals(target);
        public override int GetHashCode() => base.GetHashCode();

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator -(Scalar left, Tensor right) => Ops.rsub.Call(right, left);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator /(Tensor left, Tensor right) => Ops.div.Call(left, right);
        public static Tensor operator /(Tensor left, Scalar right) => Ops.div_scalar.Call(left, right);
        public static Tensor operator /(Scalar left, Tensor right) => Ops.reciprocal.Call(right).mul(left);

        private Tensor Replace(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }
    }
}
