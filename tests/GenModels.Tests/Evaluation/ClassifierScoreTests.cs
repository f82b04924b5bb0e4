using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public sealed class ClassifierScoreTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_score_is_the_number_of_classes_shown_clearly_and_equally_often()
    {
        // Ten images, a class each, over and over.
        var clear = torch.cat([.. Enumerable.Repeat(torch.eye(10), 20)]);
        var score = ClassifierScore.Of(clear);
        score.Mean.Should().BeApproximately(10, 1e-13);
        score.StandardDeviation.Should().BeApproximately(0, 1e-13);
        ClassifierScore.Of(torch.full([50, 10], 0.1), splits: 5).Mean.Should().BeApproximately(1, 1e-12, "images that show nothing");
        ClassifierScore.Of(clear.select(0, 0).expand(50, 10)).Mean.Should().BeApproximately(1, 1e-12, "one class only");

        // p(y) is uniform over two; each image's divergence from it is log 2 − H(0.9, 0.1).
        double divergence = Math.Log(2) + 0.9 * Math.Log(0.9) + 0.1 * Math.Log(0.1);
        var unsure = ClassifierScore.Of(torch.tensor(new double[,] { { 0.9, 0.1 }, { 0.1, 0.9 } }), splits: 1);
        unsure.Mean.Should().BeApproximately(Math.Exp(divergence), 1e-12);

        var parts = ClassifierScore.Of(torch.tensor(new double[,] { { 1, 0 }, { 0, 1 }, { 1, 0 }, { 1, 0 } }), splits: 2);
        parts.Mean.Should().BeApproximately(1.5, 1e-13);
        parts.StandardDeviation.Should().BeApproximately(0.5, 1e-13);
        var none = () => ClassifierScore.Of(torch.ones(4, 3));
        none.Should().Throw<ArgumentException>().WithMessage("*4, 3*n at least 10*");
        var sum = () => ClassifierScore.Of(torch.ones(20, 3));
        sum.Should().Throw<ArgumentException>().WithMessage("*no distribution*");
    }
}
