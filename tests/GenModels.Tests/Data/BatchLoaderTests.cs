using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Data;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(20)]
    public void Batches_are_those_of_the_order_however_they_are_asked_for(int batchSize)
    {
        using var source = new Watched(10);
        using (var loader = new BatchLoader(source, batchSize, torch.CPU))
        {
            int[] order = [9, 1, 8, 2, 7, 3, 6, 4, 5, 0], other = [.. order.Reverse()];
            // In order, the same once more, backwards, and of another order than was gathered ahead.
            foreach (int batch in Enumerable.Range(0, loader.Batches).Concat([0, 0]).Concat(Enumerable.Range(0, loader.Batches).Reverse()))
                foreach (int[] asked in new[] { order, other })
                {
                    var examples = loader.Load(asked, batch).Examples;
                    Thread.Sleep(2);
                    examples.Values().Should().Equal(asked.Skip(batch * batchSize).Take(batchSize).Select(i => (float)i), "the batch stays while the next is gathered");
                }
        }
        source.Overlapped.Should().BeFalse();
        source.Running.Should().Be(0);
    }

    [Fact]
    public void The_next_batch_is_gathered_while_one_is_in_use_and_those_in_memory_are_not()
    {
        using var source = new Watched(4);
        using var loader = new BatchLoader(source, 1, torch.CPU);
        int[] order = [0, 1, 2, 3];
        loader.Load(order, 0);
        SpinWait.SpinUntil(() => source.Calls == 2, TimeSpan.FromSeconds(30)).Should().BeTrue();
        loader.Settle();
        loader.Load(order, 1);
        loader.Load(order, 2);
        loader.Load(order, 3);
        loader.Settle();
        source.Calls.Should().Be(4, "nothing follows the last batch");
        source.Threads.Should().Contain(thread => thread != Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void What_a_source_throws_is_thrown_where_the_batch_is_used_or_never()
    {
        using var source = new Watched(3) { Bad = 1 };
        int[] order = [0, 1, 2];
        using (var loader = new BatchLoader(source, 1, torch.CPU))
        {
            loader.Load(order, 0);
            loader.Settle();
            var next = () => loader.Load(order, 1);
            next.Should().Throw<IOException>().WithMessage("example 1 is gone").Which.StackTrace.Should().Contain(nameof(Watched));
            loader.Load(order, 2).Examples.Values().Should().Equal(2);
            loader.Load(order, 0);
        }
        source.Running.Should().Be(0);
    }

    [Fact]
    public void Nothing_runs_after_disposal_and_no_tensor_is_left()
    {
        using var source = new Watched(2) { Delay = TimeSpan.FromMilliseconds(100) };
        long tensors = Tensors.CountSettled();
        using (torch.NewDisposeScope())
        {
            using var loader = new BatchLoader(source, 1, torch.CPU);
            loader.Load([0, 1], 0);
        }
        (source.Running, source.Calls).Should().Be((0, 2));
        torch.Tensor.TotalCount.Should().Be(tensors);
    }

    [Fact]
    public void A_run_on_a_source_that_is_slow_is_the_same_and_its_listeners_may_read_from_it()
    {
        float[] values = [.. Enumerable.Range(0, 64).Select(i => i / 64f)];
        float[] Weights(IExampleSource source)
        {
            using var model = new Vae(new VaeOptions { ExampleShape = [1], Hidden = [4], LatentSize = 1, Likelihood = new GaussianLikelihood() });
            var listener = new Listener(() => source.Gather([0], new float[1]));
            Trainer.Fit(model, source, new FitOptions { Epochs = 2, BatchSize = 10 }, source, listener);
            return [.. model.State.Values.SelectMany(tensor => tensor.Values())];
        }
        using var slow = new Watched(64) { Scale = 1 / 64f, Delay = TimeSpan.FromMilliseconds(1) };
        Weights(slow).Should().Equal(Weights(new ArraySource(values, 1)));
        slow.Overlapped.Should().BeFalse();
    }

    [Fact]
    public void While_a_batch_is_in_use_the_next_is_gathered()
    {
        const int batches = 5;
        using var source = new Watched(batches);
        using var loader = new BatchLoader(source, 1, torch.CPU);
        int[] order = [.. Enumerable.Range(0, batches)];
        for (int batch = 0; batch < batches - 1; batch++)
        {
            loader.Load(order, batch);
            SpinWait.SpinUntil(() => source.Calls >= batch + 2, TimeSpan.FromSeconds(30)).Should().BeTrue("batch {0} is gathered before it is asked for", batch + 1);
        }
    }

    private sealed class Listener(Action act) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => act();
    }

    /// <summary>A source whose example i is i, which notes who calls it.</summary>
    private sealed class Watched(int count) : IExampleSource, IDisposable
    {
        private readonly HashSet<int> _threads = [];
        private int _running;

        public int Bad { get; init; } = -1;

        public float Scale { get; init; } = 1;

        public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

        public bool Overlapped { get; private set; }

        public int Calls { get; private set; }

        public int Running => _running;

        public IReadOnlyCollection<int> Threads => _threads;

        public int Count => count;

        public IReadOnlyList<long> ExampleShape { get; } = [1];

        public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
        {
            Overlapped |= Interlocked.Increment(ref _running) > 1;
            try
            {
                Calls++;
                _threads.Add(Environment.CurrentManagedThreadId);
                Thread.Sleep(Delay);
                if (indices.Contains(Bad)) throw new IOException($"example {Bad} is gone");
                for (int i = 0; i < indices.Length; i++) destination[i] = indices[i] * Scale;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public void Dispose() => Overlapped |= _running > 0;
    }
}
