using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Data;

public sealed class AugmentationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_flip_mirrors_whole_images()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.arange(0, 2000 * 2 * 3 * 4).to(torch.float32).view(2000, 2, 3, 4);
        float[] before = x.Values(), after = new HorizontalFlip().Apply(x, new RandomGenerator(1)).Values();
        int flipped = 0;
        for (int image = 0; image < 2000; image++)
        {
            bool isFlipped = after[24 * image] != before[24 * image];
            flipped += isFlipped ? 1 : 0;
            for (int i = 0; i < 24; i++) after[24 * image + i].Should().Be(before[24 * image + (isFlipped ? i / 4 * 4 + 3 - i % 4 : i)]);
        }
        // Five standard errors of 2,000 fair coins.
        flipped.Should().BeInRange(1000 - 112, 1000 + 112);
        new HorizontalFlip { Probability = 0 }.Apply(x, new RandomGenerator(1)).Values().Should().Equal(before);
        x.Values().Should().Equal(before, "the examples stay as they are");
    }

    [Theory]
    [InlineData(ImagePadding.Zero)]
    [InlineData(ImagePadding.Edge)]
    public void A_shift_moves_whole_images_each_way_equally_often(ImagePadding padding)
    {
        using var scope = torch.NewDisposeScope();
        const int count = 4000;
        // Rows and columns are told by their values, and none is 0.
        float[] image = [.. from row in Enumerable.Range(0, 5) from column in Enumerable.Range(0, 6) select 10f * (row + 1) + column + 1];
        var x = torch.tensor(image).view(1, 5, 6).expand(count, 5, 6).contiguous();
        float[] moved = new RandomShift { Pixels = 1, Padding = padding }.Apply(x, new RandomGenerator(3)).Values();
        var counts = new int[3, 3];
        for (int n = 0; n < count; n++)
        {
            // An inner pixel says from where it comes.
            int from = (int)moved[30 * n + 2 * 6 + 2], down = 2 - (from / 10 - 1), right = 2 - (from % 10 - 1);
            counts[down + 1, right + 1]++;
            for (int i = 0; i < 30; i++)
            {
                int row = i / 6 - down, column = i % 6 - right;
                bool isInside = row is >= 0 and < 5 && column is >= 0 and < 6;
                float expected = isInside || padding == ImagePadding.Edge ? image[Math.Clamp(row, 0, 4) * 6 + Math.Clamp(column, 0, 5)] : 0;
                moved[30 * n + i].Should().Be(expected);
            }
        }
        // Five standard errors of a ninth of 4,000.
        counts.Cast<int>().Should().OnlyContain(c => Math.Abs(c - count / 9.0) < 5 * Math.Sqrt(count * 8 / 81.0));
    }

    [Fact]
    public void The_rows_of_a_call_are_drawn_alike_however_many_there_are()
    {
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(40, [1, 4, 4]);
        foreach (Augmentation augmentation in new Augmentation[] { new HorizontalFlip(), new RandomShift { Pixels = 2 } })
            augmentation.Apply(x, new RandomGenerator(1)).narrow(0, 0, 10).Values().Should().Equal(augmentation.Apply(x.narrow(0, 0, 10), new RandomGenerator(1)).Values());
    }

    [Fact]
    public void Examples_that_are_no_images_and_settings_outside_their_range_are_rejected()
    {
        var vector = () => new HorizontalFlip().Validate([784]);
        vector.Should().Throw<ArgumentException>().WithMessage("*[784]*[channels, height, width]*Reshape*");
        FluentActions.Invoking(() => new HorizontalFlip { Probability = 1.1 }.Validate([3, 8, 8])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RandomShift { Pixels = -1 }.Validate([3, 8, 8])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RandomShift { Pixels = 8 }.Validate([3, 9, 8])).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*8 pixels*[3, 9, 8]*");
        FluentActions.Invoking(() => new RandomShift { Padding = (ImagePadding)7 }.Validate([3, 9, 8])).Should().Throw<ArgumentOutOfRangeException>();
        using var model = new Autoencoder(new AutoencoderOptions { ExampleShape = [64] });
        FluentActions.Invoking(() => Trainer.Fit(model, DataSets.Digits().Test, new FitOptions { Augmentations = [new HorizontalFlip()] }))
            .Should().Throw<ArgumentException>().WithMessage("*[64]*");
    }

    [Fact]
    public void Training_sees_changed_examples_with_their_labels_and_evaluation_does_not()
    {
        var probe = new Probe();
        var source = new ArraySource([.. Enumerable.Range(1, 20 * 6).Select(i => (float)i)], 2, 3).WithLabels([.. Enumerable.Range(0, 20).Select(i => i % 4)]);
        using var model = Conditional();
        Trainer.Fit(model, source, new FitOptions { Epochs = 4, BatchSize = 8, Augmentations = [probe] }, test: source);
        probe.Seen.Should().HaveCount(4 * 20, "each image once an epoch, and no evaluation");
        // Of one image the draws differ from epoch to epoch.
        probe.Drawn.Distinct().Should().HaveCount(12);
    }

    [Fact]
    public void A_resumed_run_ends_in_the_bits_of_one_that_was_never_stopped()
    {
        var images = DataSets.Digits().Test.Reshape(1, 8, 8);
        var fit = new FitOptions { Epochs = 3, BatchSize = 64, Seed = 2, Augmentations = [new HorizontalFlip(), new RandomShift { Pixels = 1, Padding = ImagePadding.Edge }] };
        float[] Train(FitOptions options, CheckpointOptions? checkpoints = null)
        {
            using var model = Small();
            Trainer.Fit(model, images, options, checkpoints: checkpoints);
            return [.. model.State.Values.SelectMany(t => t.Values())];
        }
        float[] whole = Train(fit);
        Train(fit with { MaxSteps = 7 }, new CheckpointOptions { Folder = _folder["run"] });
        Train(fit, new CheckpointOptions { Folder = _folder["run"], Resume = true }).Should().Equal(whole);
        Train(fit with { Augmentations = [] }).Should().NotEqual(whole);

        // They decide every bit, so that a run can't go on with others.
        Train(fit with { MaxSteps = 7 }, new CheckpointOptions { Folder = _folder["other"] });
        FluentActions.Invoking(() => Train(fit with { Augmentations = [new HorizontalFlip()] }, new CheckpointOptions { Folder = _folder["other"], Resume = true }))
            .Should().Throw<ConfigurationChangedException>().WithMessage("*Augmentations*");
    }

    private static Autoencoder Small() => new(new AutoencoderOptions { ExampleShape = [1, 8, 8], Hidden = [16], CodeSize = 4 });

    private static Autoencoder Conditional() => new(new AutoencoderOptions { ExampleShape = [2, 3], Hidden = [4], CodeSize = 2, Condition = Condition.Classes(4) });

    private sealed record Probe : Augmentation
    {
        public List<float> Seen { get; } = [];

        public List<float> Drawn { get; } = [];

        public override torch.Tensor Apply(torch.Tensor x, RandomGenerator generator)
        {
            using var scope = torch.NewDisposeScope();
            Seen.AddRange(x.narrow(1, 0, 1).narrow(2, 0, 1).Values());
            Drawn.Add(generator.Uniform([1]).Values()[0]);
            return (x + 0).MoveToOuterDisposeScope();
        }
    }
}
