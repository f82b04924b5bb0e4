using GenModels.Samples;

const string Burda = "Burda, Grosse and Salakhutdinov 2016, table 1";
var iwae5 = new ImportanceWeightedRecipe("iwae-5", 5, 600, new(85.54, $"{Burda}, IWAE, k = 5"));
var firstGan = new Published(225, "Goodfellow et al. 2014, table 1");
Recipe[] recipes =
[
    new ImportanceWeightedRecipe("vae", 1, 1_000, new(86.76, $"{Burda}, VAE, k = 1")),
    iwae5,
    new ImportanceWeightedRecipe("iwae-50", 50, 60, new(84.78, $"{Burda}, IWAE, k = 50")) { Before = iwae5, LearningRate = 3e-4 },
    new ParzenRecipe("gan-parzen", 500, 0, firstGan),
    new ParzenRecipe("gan-parzen-annealed", 600, 100, firstGan),
    new RingRecipe("gan-ring"),
    new DigitsRecipe("digits"),
];
return new ReproduceCommand(recipes).Run(args);
