module example.com/fake-llm

go 1.26
