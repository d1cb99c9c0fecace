#!/bin/sh
go install google.golang.org/protobuf/cmd/protoc-gen-go@latest
npm install -g pm2
npm i --global @scope/tool@latest
yarn global add serve
pip install gunicorn uvicorn[standard]
python3 -m pip install --upgrade gunicorn
curl -fsSL https://get.example.com/install.sh | sudo bash -s -- --yes
wget -qO- https://get.example.com | sh
bash <(curl -fsSL https://get.example.com/a.sh)
sh -c "$(curl -fsSL https://get.example.com/b.sh)"
kubectl apply -f https://raw.githubusercontent.com/example/operator/main/deploy.yaml
cargo install ripgrep
npx create-thing@latest
